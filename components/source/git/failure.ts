import { refuse } from "../problems";
import { list } from "../text";
import type { Answer } from "./command";

/** A command that must not fail: what it prints. */
export async function succeeded(what: string, answer: Promise<Answer>): Promise<string> {
  const given = await answer;
  return given.code === 0 ? given.out : unreachable(what, given);
}

/** @throws SourceError that says in one line why git could not read a repository, and what to do */
export function unreachable(git: string, answer: Answer): never {
  const lines = answer.err
    .split("\n")
    .map((line) => line.replace(/^(remote|fatal|error|ssh): /, "").trim())
    .filter((line) => line !== "" && !/^(Cloning|@+|[-*] |Warning: Permanently added)/.test(line));
  const reason = lines[0] ?? `git ended with ${answer.code}`;
  return refuse(
    "app.git",
    `${git} can't be read: ${reason}`,
    "a repository that answers",
    advice(answer.err),
  );
}

function advice(said: string): string {
  if (said === "git is not installed") return "Install git on this computer, or set app.path instead.";
  if (/Host key verification failed|No \w+ host key is known/.test(said))
    return "Set app.gitHostKey to the server's key: ssh-keyscan -t ed25519 HOST (compare it with what the service publishes).";
  if (/could not read (Username|Password)|Authentication failed|HTTP.* 40[13]/.test(said))
    return "A private repository needs a token: pulumi config set --secret gitToken";
  if (/Permission denied \(publickey/.test(said))
    return "Give a key that may read it: pulumi config set --secret deployKey <FILE";
  return "Check the URL, the network and that this computer may read it (`git ls-remote URL`).";
}

/** @throws SourceError that names the refs which come nearest */
export function unknownRef(git: string, ref: string, known: string[]): never {
  const short = known
    .map((name) => name.replace(/^refs\/(heads|tags)\//, ""))
    .filter((name) => !["", "HEAD"].includes(name) && !/^refs\/|\^\{\}$/.test(name));
  const near = [...new Set(short)].sort((a, b) => distance(a, ref) - distance(b, ref)).slice(0, 5);
  const fix = near.length > 0 ? `Near ones: ${list(near)}.` : "The repository has none.";
  return refuse("app.ref", `${git} has no ${ref}`, "a branch, tag or commit of it", fix);
}

/** Levenshtein's edit distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, x] of Array.from(a).entries()) {
    const next = [i + 1];
    for (const [j, y] of Array.from(b).entries()) {
      next.push(Math.min((row[j] ?? 0) + (x === y ? 0 : 1), (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
