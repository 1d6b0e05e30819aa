import type { AppSource, SourceArgs } from "../source";
import { defined } from "./defined";
import { usableKey } from "./privateKey";
import type { StackSecrets, StackSettings } from "./schema";

/**
 * The Django project, with what opens a private repository.
 * @throws SourceError when the deploy key cannot be used
 */
export function sourceArgs(app: StackSettings["app"], secrets: Partial<StackSecrets>): SourceArgs {
  const { root, interface: gateway, settingsModule, wsgiModule, asgiModule, dependencies } = app;
  const modules = { settingsModule, wsgiModule, asgiModule };
  return { app: whereFrom(app, secrets), interface: gateway, ...defined({ root, ...modules, dependencies }) };
}

function whereFrom(
  { path = "", git, ref, gitHostKey, archive, sha256 = "" }: StackSettings["app"],
  { deployKey, gitToken }: Partial<StackSecrets>,
): AppSource {
  if (archive !== undefined) return { archive, sha256 };
  if (git === undefined) return { path };
  const access = defined({
    deployKey: usableKey("deployKey", deployKey, false),
    hostKey: gitHostKey,
    token: gitToken,
  });
  return defined({ git, ref, access });
}
