//! Generates the client from the contract if the feature `codegen` is on. Without it there
//! is nothing to do: `src/generated/` is compiled.

#[cfg(not(feature = "codegen"))]
fn main() {
    println!("cargo::rerun-if-changed=build.rs");
}

#[cfg(feature = "codegen")]
fn main() -> std::process::ExitCode {
    match codegen::generate() {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("\n{message}\n");
            std::process::ExitCode::FAILURE
        }
    }
}

#[cfg(feature = "codegen")]
mod codegen {
    use std::env;
    use std::ffi::OsString;
    use std::path::{Path, PathBuf};

    use dbss_codegen::{Contract, Error};

    /// The variable with the path of another contract to generate from.
    const CONTRACT: &str = "DBSS_CONTRACT";

    /// The contract to generate from.
    struct Source {
        path: PathBuf,
        /// What diagnostics show as the file.
        shown: String,
        /// Why it is this one, if it is not the crate's own: for an error that it cannot be read.
        reason: Option<String>,
    }

    pub(crate) fn generate() -> Result<(), String> {
        println!("cargo::rerun-if-changed=build.rs");
        println!("cargo::rerun-if-env-changed={CONTRACT}");
        let out = directory("OUT_DIR")?;
        let Source { path, shown, reason } = source()?;
        println!("cargo::rerun-if-changed={}", path.display());

        let contract = Contract::read(&path, &shown).map_err(|error| match (&error, &reason) {
            (Error::Unreadable { source, .. }, Some(reason)) => {
                format!("cannot read {}: {source}\n{reason}", path.display())
            }
            (Error::Unreadable { source, .. }, None) => format!("{error}: {source}"),
            _ => error.to_string(),
        })?;
        for warning in contract.warnings() {
            println!("cargo::warning={}", warning.to_string().lines().next().unwrap_or_default());
        }
        for file in contract.generate().map_err(|error| error.to_string())? {
            let target = out.join(file.name);
            std::fs::write(&target, file.text)
                .map_err(|error| format!("cannot write {}: {error}", target.display()))?;
        }
        Ok(())
    }

    /// The contract that the variable names, if it is set and not empty; else the workspace's, if
    /// this crate is in it; else the copy in the package, which `cargo xtask regen` keeps equal to
    /// the workspace's.
    fn source() -> Result<Source, String> {
        if let Some(named) = env::var_os(CONTRACT).filter(|named| !named.is_empty()) {
            return named_by_variable(named);
        }
        let package = directory("CARGO_MANIFEST_DIR")?;
        let workspace = package.join("../../openapi/dbss.yaml");
        if workspace.is_file() {
            return Ok(Source {
                path: workspace,
                shown: "openapi/dbss.yaml".to_owned(),
                reason: None,
            });
        }
        let path = package.join("contract/dbss.yaml");
        Ok(Source { shown: path.display().to_string(), path, reason: None })
    }

    /// A relative path is relative to the directory in which cargo was started, as every other path
    /// on a command line is, and not to this package's, in which a build script runs.
    fn named_by_variable(named: OsString) -> Result<Source, String> {
        let named = PathBuf::from(named);
        let shown = named.display().to_string();
        if named.is_absolute() {
            let reason = format!("the environment variable {CONTRACT} names it");
            return Ok(Source { path: named, shown, reason: Some(reason) });
        }
        let Some(started) = directory_of_cargo() else {
            return Err(format!(
                "the environment variable {CONTRACT} is {shown:?}, and the directory that this is relative to is not known here: give an absolute path"
            ));
        };
        let reason = format!(
            "the environment variable {CONTRACT} is {shown:?}, relative to {}, in which cargo was started",
            started.display()
        );
        Ok(Source { path: started.join(named), shown, reason: Some(reason) })
    }

    /// The directory in which cargo was started. Cargo does not tell, but it is the process that
    /// started this one, so where the system tells a process's directory, that is it. Elsewhere there
    /// is what the shell that started cargo left in `PWD`.
    fn directory_of_cargo() -> Option<PathBuf> {
        println!("cargo::rerun-if-env-changed=PWD");
        #[cfg(target_os = "linux")]
        {
            let parent = std::os::unix::process::parent_id();
            if let Ok(directory) = std::fs::read_link(format!("/proc/{parent}/cwd")) {
                return Some(directory);
            }
        }
        env::var_os("PWD").map(PathBuf::from).filter(|directory| is_directory(directory))
    }

    fn is_directory(path: &Path) -> bool {
        path.is_absolute() && path.is_dir()
    }

    /// A directory that cargo tells a build script.
    fn directory(variable: &str) -> Result<PathBuf, String> {
        env::var_os(variable)
            .map(PathBuf::from)
            .ok_or_else(|| format!("cargo did not set {variable}"))
    }
}
