/** Repeats a check until it no longer throws; after so many seconds its last error is thrown. */
export async function eventually<T>(seconds: number, check: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await pause(0.2);
    }
  }
}

export const pause = (seconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/** Repeats a request about ten times a second while some work is done; returns what each ended with. */
export async function meanwhile(
  ask: () => Promise<{ status: number }>,
  work: () => Promise<unknown>,
): Promise<(number | string)[]> {
  const answers: (number | string)[] = [];
  const run = { over: false };
  const asking = (async () => {
    while (!run.over) {
      answers.push(
        await ask().then(
          ({ status }) => status,
          (error: unknown) => String(error),
        ),
      );
      await pause(0.1);
    }
  })();
  try {
    await work();
  } finally {
    run.over = true;
    await asking;
  }
  return answers;
}
