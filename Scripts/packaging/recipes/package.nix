# Untested: see README.md.
{
  lib, stdenv, fetchurl, swift, swiftpm, swiftpm2nix, Foundation, pkg-config, python3,
  libburn, libcdio, openssl, zlib, bzip2, xz, zstd, lz4, flac,
}:
let
  # Made by swiftpm2nix from Package.resolved.
  dependencies = swiftpm2nix.helpers ./nix;
in
stdenv.mkDerivation (self: {
  pname = "spindle";
  version = "0.1.0";
  src = fetchurl {
    url = "@SOURCE@";
    hash = "@SHA256@";
  };
  nativeBuildInputs = [ swift swiftpm pkg-config python3 ];
  buildInputs = [ Foundation libburn libcdio openssl zlib bzip2 xz zstd lz4 flac ];
  configurePhase = dependencies.configure;
  SPINDLE_COMMIT = "@COMMIT@";
  buildPhase = ''
    patchShebangs Scripts
    Scripts/packaging/build >built
  '';
  installPhase = ''
    Scripts/packaging/programs "$(cat built)" "$out"
    Scripts/packaging/data "$out" "$(cat built)/spindle"
  '';
  meta = {
    description = "Burn, rip and verify optical discs and their images";
    license = lib.licenses.gpl3Plus;
    platforms = lib.platforms.linux;
    mainProgram = "spindle";
  };
})
