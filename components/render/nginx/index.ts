export { renderNginxDefault, renderNginxDefaultHttps } from "./default";
export { renderNginxHttps } from "./https";
export type { HttpsSettings, NginxSettings, NginxSiteSettings } from "./settings";
export { renderNginxSite } from "./site";
