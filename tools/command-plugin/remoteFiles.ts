import { posix } from "node:path";
import type { Client, SFTPWrapper } from "ssh2";

type Done<T> = (error: Error | null | undefined, value: T) => void;

/** An SFTP session; paths are the server's. */
export class RemoteFiles {
  private constructor(private readonly session: SFTPWrapper) {}

  static async open(client: Client): Promise<RemoteFiles> {
    return new RemoteFiles(await answer<SFTPWrapper>((done) => client.sftp(done)));
  }

  /** What is at a path, links followed. */
  async kind(path: string): Promise<"none" | "file" | "folder"> {
    try {
      const stats = await answer<{ isDirectory(): boolean }>((done) => {
        this.session.stat(path, done);
      });
      return stats.isDirectory() ? "folder" : "file";
    } catch (error) {
      if (reason(error) === "file does not exist") return "none";
      throw new Error(`failed to stat remote path ${path}: ${reason(error)}`, { cause: error });
    }
  }

  /** Makes one folder unless it is there. */
  async ensureFolder(path: string): Promise<void> {
    const kind = await this.kind(path);
    if (kind === "file") throw new Error(`remote path ${path} exists but is not a directory`);
    if (kind === "folder") return;
    try {
      await answer((done) => {
        this.session.mkdir(path, done as (error?: Error | null) => void);
      });
    } catch (error) {
      throw new Error(`failed to create remote directory ${path}: ${reason(error)}`, { cause: error });
    }
  }

  /** Makes a folder and those it is in. */
  async makeFolders(path: string): Promise<void> {
    const parent = posix.dirname(path);
    if (parent !== path && (await this.kind(path)) === "none") await this.makeFolders(parent);
    await this.ensureFolder(path);
  }

  async write(path: string, text: string): Promise<void> {
    await this.place(path, (done) => {
      this.session.writeFile(path, text, done);
    });
  }

  async upload(source: string, path: string): Promise<void> {
    await this.place(path, (done) => {
      this.session.fastPut(source, path, done);
    });
  }

  private async place(path: string, request: (done: (error?: Error | null) => void) => void): Promise<void> {
    try {
      await answer((done) => {
        request(done as (error?: Error | null) => void);
      });
    } catch (error) {
      throw new Error(`failed to create remote file ${path}: ${reason(error)}`, { cause: error });
    }
  }
}

function answer<T>(request: (done: Done<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    request((error, value) => {
      if (error) reject(error);
      else resolve(value);
    });
  });
}

/** SFTP's status codes in the words of the real plugin. */
function reason(error: unknown): string {
  const { code, message } = error as { code?: unknown; message: string };
  if (code === 2) return "file does not exist";
  if (code === 3) return "permission denied";
  return code === 4 ? `sftp: "${message}" (SSH_FX_FAILURE)` : message;
}
