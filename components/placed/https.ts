import { certificateFiles, certified, type HttpsArgs } from "../site/https";
import { type Placed, secretFile, textFile, timerUnit } from "./placed";

/**
 * What makes a site's HTTPS.
 * @param text of nginx's file
 * @param sum what the step said of a certificate that lies in one file with its key: their sum, salted
 */
export function httpsPlaced(args: HttpsArgs, text: string, sum: string): Placed[] {
  const { name, tls } = args;
  const server = `${name}-tls`;
  return [
    textFile(`/etc/nginx/sites-available/${server}`, text),
    { kind: "link", path: `/etc/nginx/sites-enabled/${server}`, target: `../sites-available/${server}` },
    ...certified(args).map((host) => textFile(`/var/lib/django-server/https/${name}/${host}`, "")),
    ...(tls.kind === "acme" ? renewed(name) : [secretFile(name, certificateFiles(args).certificate, sum)]),
  ];
}

/** certbot's own files change with each renewal. */
const renewed = (name: string): Placed[] => [
  { kind: "file", path: `/etc/letsencrypt/renewal/${name}.conf`, mode: "0644", owner: "root:root" },
  timerUnit("certbot"),
];
