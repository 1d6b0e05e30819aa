import { type AddressInfo, connect, createServer } from "node:net";

/** Forwards a free loopback port to another, but hangs up on the first connections, like a machine that boots. */
export async function startUnsteadyPort(target: number, hangUps: number) {
  let left = hangUps;
  const server = createServer((connection) => {
    if (left-- > 0) {
      connection.destroy();
      return;
    }
    const onward = connect(target, "127.0.0.1");
    connection.on("error", () => onward.destroy()).pipe(onward);
    onward.on("error", () => connection.destroy()).pipe(connection);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop: () => {
      server.close();
    },
  };
}
