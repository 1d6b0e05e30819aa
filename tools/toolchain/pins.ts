/** A computer that there are downloads for, in Node's words. */
export type Platform = "linux-x64" | "linux-arm64" | "darwin-x64" | "darwin-arm64";

/** A release of a publisher: its version, where it lies and the SHA-256 of its archive for each platform. */
export interface Pin {
  version: string;
  /** Folders on the web, tried in this order; each holds the same archives. */
  sites: string[];
  sha256: Record<Platform, string>;
}

/** Pulumi's command line with its language hosts. The sums are those of Pulumi's own Homebrew formula. */
export const pulumi: Pin = {
  version: "3.259.0",
  sites: [
    "https://get.pulumi.com/releases/sdk",
    "https://github.com/pulumi/pulumi/releases/download/v3.259.0",
  ],
  sha256: {
    "linux-x64": "94ba357acac23d01474084c4b00098dc0f7bc70ce13f34c777459254a5f718e5",
    "linux-arm64": "edc8327463a72160bb36cf82cf5062da9c8a244290a706d9980988e7bf486853",
    "darwin-x64": "eaca4c3b8277bfa3ab061fa3b270d1c66358a0b2e613da8c5587a04b7226c534",
    "darwin-arm64": "57c27f179e527e2cf9f62b841a448af72a020e44b2fb4ee0d9bd85556c00c864",
  },
};

/** The `command` plugin; the version is that of @pulumi/command in package.json. */
export const commandPlugin: Pin = {
  version: "1.2.1",
  sites: [
    "https://get.pulumi.com/releases/plugins",
    "https://github.com/pulumi/pulumi-command/releases/download/v1.2.1",
  ],
  sha256: {
    "linux-x64": "71377999d1da39f54e94d9fe2950f6bb9a0a090a577094866373397dcad2e800",
    "linux-arm64": "d294ee36cc97499bc8c5d7905c6affeb4b768af50c26d6aeaa9a8f38d06fa558",
    "darwin-x64": "27d46196895697a363a2cee96e6a3691eda70cd529fcb183e3b3e8c5cfd73617",
    "darwin-arm64": "23818e0f6e20e4ac54ae4f69fbc80665fe35a197485dcb677303cb4185d4a6e0",
  },
};

/** The last release of Pulumi's sdk module that still holds the Node.js language host; for the build from source. */
export const languageHostSource = "3.68.0";

/** This computer's platform. @throws when there is nothing for it */
export function thisPlatform(): Platform {
  const platform = `${process.platform}-${process.arch}`;
  if (platform in pulumi.sha256) return platform as Platform;
  throw new Error(`This program runs on Linux and macOS, x64 and arm64, but this is ${platform}`);
}

/** The platform in Go's words, which most archives are named by: linux-amd64. */
export function goPlatform(platform: Platform): string {
  return platform.replace("x64", "amd64");
}
