/** Thrown where an expression is beyond the model; whoever catches it puts a free boolean in its place, which proves less and never too much. */
export class Unmodelled extends Error {
  override readonly name = 'Unmodelled';
}
