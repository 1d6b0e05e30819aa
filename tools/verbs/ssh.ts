/** `npm run ssh`: a shell on the machine. */
import { attach } from "./entrance";
import { atSite } from "./site";
import { runVerb } from "./verb";

const help = `
npm run ssh -- [--stack NAME] [COMMAND…]
Opens a shell on the machine, as the user whom the deploys log in as, with their key and the pinned host key. A command
is run instead, as ssh runs it, and its exit status passed on.`;

runVerb({ name: "ssh", help, passesOn: true }, ({ values, positionals }) =>
  atSite(values, ({ machine }) => attach(machine, positionals.join(" ") || 'exec "$SHELL" -l')),
);
