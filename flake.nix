{
  description = "Compiles cluster role profiles into machines that boot right";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { self, nixpkgs }:
    let
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "x86_64-darwin"
        "aarch64-darwin"
      ];
      forEach = make: nixpkgs.lib.genAttrs systems (system: make nixpkgs.legacyPackages.${system});
      manifest = (builtins.fromTOML (builtins.readFile ./Cargo.toml)).package;

      cfgbuild =
        pkgs:
        pkgs.rustPlatform.buildRustPackage {
          pname = manifest.name;
          inherit (manifest) version;
          src = self;
          cargoLock.lockFile = ./Cargo.lock;
          meta = {
            inherit (manifest) description;
            mainProgram = manifest.name;
            license = pkgs.lib.licenses.mit;
          };
        };

      # A derivation of one compiled role, so that builders and caches serve whoever has thousands of them.
      # `profiles` is a workspace: a folder that holds `profiles/`. A secret must not come this way: the store is
      # readable by everybody.
      buildProfile =
        pkgs:
        {
          role,
          profiles,
          set ? { },
          target ? { },
        }:
        let
          inherit (pkgs) lib;
          flags =
            option: values: lib.mapAttrsToList (name: value: "--${option} ${lib.escapeShellArg "${name}=${value}"}") values;
        in
        pkgs.runCommand "cfgbuild-${role}" { nativeBuildInputs = [ (cfgbuild pkgs) ]; } ''
          cfgbuild --directory ${profiles} profile ${lib.escapeShellArg role} --out "$TMPDIR/out" \
            ${lib.concatStringsSep " " (flags "set" set ++ flags "target" target)}
          cp -r "$TMPDIR/out/${role}" "$out"
        '';
    in
    {
      packages = forEach (pkgs: {
        default = cfgbuild pkgs;
      });

      devShells = forEach (pkgs: {
        default = pkgs.mkShell {
          inputsFrom = [ (cfgbuild pkgs) ];
          packages = [
            pkgs.clippy
            pkgs.rustfmt
            pkgs.just
            pkgs.cargo-deny
            pkgs.go
            pkgs.python3
          ];
        };
      });

      # The package's own check phase runs `cargo test`; this one holds the committed output to the profiles.
      checks = forEach (pkgs: {
        package = cfgbuild pkgs;
        output = pkgs.runCommand "cfgbuild-output-is-fresh" { nativeBuildInputs = [ (cfgbuild pkgs) ]; } ''
          cfgbuild --directory ${self} profile --all --check
          touch "$out"
        '';
      });

      lib = forEach (pkgs: {
        buildProfile = buildProfile pkgs;
      });
    };
}
