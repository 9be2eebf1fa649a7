/**
 * Joins calls that arrive within a few milliseconds into one: an insert of 500 rows costs little more than an insert of one.
 * Each caller gets its own result, in order; a failure fails all callers of that batch, and none of another.
 */
export function coalesce<Input, Output>(
  write: (inputs: readonly Input[]) => Promise<readonly Output[]>,
  options: { readonly within_ms: number; readonly at_most: number },
): (input: Input) => Promise<Output> {
  type Call = { readonly input: Input; readonly settle: PromiseWithResolvers<Output> };
  let waiting: Call[] = [];
  let timer: NodeJS.Timeout | null = null;

  async function flush(): Promise<void> {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const calls = waiting;
    waiting = [];
    try {
      const outputs = await write(calls.map((call) => call.input));
      for (const [index, call] of calls.entries()) {
        const output = outputs[index];
        if (output === undefined) call.settle.reject(new Error('a batch lost one of its results'));
        else call.settle.resolve(output);
      }
    } catch (error) {
      for (const call of calls) call.settle.reject(error);
    }
  }

  return (input) => {
    const settle = Promise.withResolvers<Output>();
    waiting.push({ input, settle });
    if (waiting.length >= options.at_most) void flush();
    else timer ??= setTimeout(() => void flush(), options.within_ms);
    return settle.promise;
  };
}
