//! Asks on the terminal for a secret, without echo.

use std::io;

use crate::failure::ReadError;

/// Prints the prompt on the terminal and reads a line from it. If that is given up, the terminal
/// has its settings back.
#[cfg(unix)]
pub(crate) async fn secret(prompt: String) -> Result<String, ReadError> {
    use std::io::Write as _;

    let mut terminal = without_echo::Terminal::open().map_err(no_terminal)?;
    terminal.file.write_all(prompt.as_bytes()).map_err(ReadError::Io)?;
    let input = terminal.file.try_clone().map_err(ReadError::Io)?;
    // rpassword is given the terminal as any other input: it would switch the echo off only after
    // the prompt, and on again only once a line is read, which a thread that is waited for no
    // longer may never do.
    let read = move || {
        let terminal = rpassword::ConfigBuilder::new().input_reader(input).output_discard().build();
        rpassword::read_password_with_config(terminal)
    };
    typed(tokio::task::spawn_blocking(read).await)
}

/// Prints the prompt on the console and reads a line from it.
#[cfg(not(unix))]
pub(crate) async fn secret(prompt: String) -> Result<String, ReadError> {
    typed(tokio::task::spawn_blocking(move || rpassword::prompt_password(prompt)).await)
}

fn typed(read: Result<io::Result<String>, tokio::task::JoinError>) -> Result<String, ReadError> {
    match read {
        Ok(Ok(line)) => Ok(line),
        // Ctrl-D.
        Ok(Err(error)) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(String::new()),
        Ok(Err(error)) => Err(ReadError::Io(error)),
        Err(error) => Err(ReadError::Io(io::Error::other(error))),
    }
}

#[cfg(unix)]
fn no_terminal(_: io::Error) -> ReadError {
    ReadError::NoTerminal
}

#[cfg(unix)]
mod without_echo {
    //! The terminal of the process, with its echo off.

    use std::fs::File;
    use std::io::{self, Write as _};

    use rustix::termios::{
        LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr,
    };

    /// The terminal. When it is dropped it has the settings back that it had before.
    pub(super) struct Terminal {
        pub(super) file: File,
        before: Termios,
    }

    impl Terminal {
        pub(super) fn open() -> io::Result<Self> {
            let file = File::options().read(true).write(true).open("/dev/tty")?;
            let before = tcgetattr(&file)?;
            let mut quiet = before.clone();
            // Without ICANON too, since a line then has 4,096 characters at most, and a token may
            // have more. Signals stay: Ctrl-C interrupts the command as ever.
            quiet.local_modes.remove(LocalModes::ECHO | LocalModes::ECHONL | LocalModes::ICANON);
            quiet.special_codes[SpecialCodeIndex::VMIN] = 1;
            quiet.special_codes[SpecialCodeIndex::VTIME] = 0;
            tcsetattr(&file, OptionalActions::Now, &quiet)?;
            Ok(Self { file, before })
        }
    }

    impl Drop for Terminal {
        fn drop(&mut self) {
            let _ = tcsetattr(&self.file, OptionalActions::Now, &self.before);
            // The end of the line was not echoed either.
            let _ = self.file.write_all(b"\n");
        }
    }
}
