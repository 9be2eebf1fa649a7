/** Words in lines, the first after `lead`, the others after `hang`. A word too long for a line stands by itself. */
export function wrapped(text: string, room: number, lead = '', hang = ''): string[] {
  const lines: string[] = [];
  let line = lead;
  let fresh = true;
  for (const word of text.split(' ')) {
    if (!fresh && line.length + 1 + word.length > room) {
      lines.push(line);
      line = hang + word;
    } else line += fresh ? word : ` ${word}`;
    fresh = false;
  }
  return [...lines, line];
}
