import type { RawConfig } from "../../../components/settings/check";

/** What is wrong, a configuration that has it, and what the check says of it: it is the one problem. */
export type Mistake = [
  what: string,
  config: RawConfig,
  problem: [key: string, value: string, expected: string, fix: string],
];

export const container = (settings: object): RawConfig => ({ machine: { kind: "container", ...settings } });
export const ec2 = (settings: object): RawConfig => ({
  machine: { kind: "ec2", sshFrom: ["203.0.113.7"], ...settings },
});
export const hostKey = `ssh-ed25519 ${"A".repeat(68)}`;
export const ssh = (settings: object): RawConfig => ({
  machine: { kind: "ssh", host: "h.org", hostKey, agent: true, ...settings },
});
export const mailing = (settings: object): RawConfig => ({
  mail: { host: "smtp.example.org", from: "shop@example.org", ...settings },
});
export const domain = (name: unknown): RawConfig => ({ site: { domains: [name] } });
export const set = (path: string) => `pulumi config set --path ${path} VALUE`;
export const inFile = "Correct it in the stack's settings file.";
export const remove = (path: string) => `Correct its spelling, or: pulumi config rm --path ${path}`;
