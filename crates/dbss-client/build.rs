//! Generates the client from the contract if the feature `codegen` is enabled. Without it
//! there is nothing to do: `src/generated/` is compiled.

#[cfg(not(feature = "codegen"))]
fn main() {
    println!("cargo::rerun-if-changed=build.rs");
}

#[cfg(feature = "codegen")]
fn main() -> std::process::ExitCode {
    match generate() {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("\n{message}\n");
            std::process::ExitCode::FAILURE
        }
    }
}

/// The variable with the path of another contract to generate from.
#[cfg(feature = "codegen")]
const CONTRACT: &str = "DBSS_CONTRACT";

#[cfg(feature = "codegen")]
fn generate() -> Result<(), String> {
    use std::path::{Path, PathBuf};

    let variable = |name: &str| {
        std::env::var_os(name).map(PathBuf::from).ok_or_else(|| format!("cargo did not set {name}"))
    };
    let (package, out) = (variable("CARGO_MANIFEST_DIR")?, variable("OUT_DIR")?);
    // In the workspace the contract itself is read. A published package has a copy, which
    // `cargo xtask regen` keeps equal to it.
    let copy = package.join("contract/dbss.yaml");
    let workspace = package.join("../../openapi/dbss.yaml");
    let (path, shown) = match std::env::var_os(CONTRACT) {
        Some(named) => (PathBuf::from(&named), PathBuf::from(named)),
        None if workspace.is_file() => (workspace, Path::new("openapi/dbss.yaml").to_path_buf()),
        None => (copy.clone(), copy),
    };
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed={CONTRACT}");
    println!("cargo::rerun-if-changed={}", path.display());

    let shown = shown.display().to_string();
    let contract =
        dbss_codegen::Contract::read(&path, &shown).map_err(|error| error.to_string())?;
    for warning in contract.warnings().iter() {
        println!("cargo::warning={}", warning.to_string().lines().next().unwrap_or_default());
    }
    for file in contract.generate().map_err(|error| error.to_string())? {
        let target = out.join(file.name);
        std::fs::write(&target, file.text)
            .map_err(|error| format!("cannot write {}: {error}", target.display()))?;
    }
    Ok(())
}
