# A stand-in for nixpkgs: as much as flake.nix asks of it. Its Rust builder hands out the program that was built
# before, so that what is tested is the flake and not nixpkgs.
{
  outputs =
    _:
    let
      lib = {
        genAttrs =
          names: make:
          builtins.listToAttrs (
            map (name: {
              inherit name;
              value = make name;
            }) names
          );
        mapAttrsToList = make: attrs: map (name: make name attrs.${name}) (builtins.attrNames attrs);
        escapeShellArg = text: "'${builtins.replaceStrings [ "'" ] [ "'\\''" ] (toString text)}'";
        inherit (builtins) concatStringsSep;
        licenses.mit = { };
      };
      pkgsFor =
        system:
        let
          shell =
            name: script: extra:
            derivation (
              {
                inherit name system;
                builder = "/bin/sh";
                PATH = "/usr/bin:/bin";
                args = [
                  "-euc"
                  script
                ];
              }
              // extra
            );
          tool = name: shell name "mkdir -p $out" { };
        in
        {
          inherit lib;
          rustPlatform.buildRustPackage =
            {
              pname,
              version,
              src,
              cargoLock,
              ...
            }:
            assert builtins.pathExists cargoLock.lockFile;
            shell "${pname}-${version}" "mkdir -p $out/bin && cp ${./cfgbuild} $out/bin/cfgbuild" { inherit src; };
          runCommand =
            name: args: script:
            shell name ''PATH=${lib.concatStringsSep ":" (map (input: "${input}/bin") args.nativeBuildInputs)}:$PATH; TMPDIR=$PWD; ${script}'' { };
          mkShell = { inputsFrom, packages }: shell "shell" "mkdir -p $out" { inputs = inputsFrom ++ packages; };
          clippy = tool "clippy";
          rustfmt = tool "rustfmt";
          just = tool "just";
          cargo-deny = tool "cargo-deny";
          go = tool "go";
          python3 = tool "python3";
        };
    in
    {
      inherit lib;
      legacyPackages = lib.genAttrs [
        "x86_64-linux"
        "aarch64-linux"
        "x86_64-darwin"
        "aarch64-darwin"
      ] pkgsFor;
    };
}
