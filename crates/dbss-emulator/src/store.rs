//! The state as it is now, and how it changes.

mod lockout;

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, SystemTime};

use secrecy::ExposeSecret as _;

use self::lockout::Lockout;
use crate::state::{AccessKey, Instance, InstanceStatus, State, Task, Token};

/// How long a key pair is locked. Source: the FAQ of OCR, `ocr_01_0063`.
const KEY_LOCK: Duration = Duration::from_secs(5 * 60);

/// How long a user is locked. Source: IAM's documents on logins.
const LOGIN_LOCK: Duration = Duration::from_secs(15 * 60);

/// How many issued tokens are remembered; the oldest is forgotten first.
const ISSUED: usize = 1_000;

/// The state as it is now. Whoever reads it says what time it is, and sees what
/// has come to its end by then: nothing runs in the background.
#[derive(Debug)]
pub(crate) struct Store {
    initial: State,
    current: State,
    /// When the instances that are shutting down will be off, by id.
    shut_downs: HashMap<String, SystemTime>,
    /// The tokens that logins were answered with, oldest first.
    issued: VecDeque<Token>,
    /// The key pairs whose signatures were wrong.
    pub(crate) key_lockout: Lockout,
    /// The users whose passwords were wrong.
    pub(crate) login_lockout: Lockout,
}

impl Store {
    pub(crate) fn new(initial: State) -> Self {
        Self {
            current: initial.clone(),
            initial,
            shut_downs: HashMap::new(),
            issued: VecDeque::new(),
            key_lockout: Lockout::lasting(KEY_LOCK),
            login_lockout: Lockout::lasting(LOGIN_LOCK),
        }
    }

    /// Back to the state of the start.
    pub(crate) fn reset(&mut self) {
        self.current = self.initial.clone();
        self.shut_downs.clear();
        self.issued.clear();
        self.key_lockout.clear();
        self.login_lockout.clear();
    }

    /// The state at that time.
    pub(crate) fn at(&mut self, now: SystemTime) -> &mut Self {
        for instance in &mut self.current.instances {
            if self.shut_downs.get(&instance.id).is_some_and(|off_at| *off_at <= now) {
                self.shut_downs.remove(&instance.id);
                instance.status = InstanceStatus::Shutoff;
                instance.task = Task::None;
            }
        }
        self
    }

    pub(crate) fn state(&self) -> &State {
        &self.current
    }

    /// The token of that value.
    pub(crate) fn token(&self, value: &[u8]) -> Option<&Token> {
        let mut known = self.current.tokens.iter().chain(&self.issued);
        known.find(|token| token.token.expose_secret().as_bytes() == value)
    }

    /// Remembers a token that a login was answered with.
    pub(crate) fn issue(&mut self, token: Token) {
        if self.issued.len() >= ISSUED {
            self.issued.pop_front();
        }
        self.issued.push_back(token);
    }

    /// The key pair of that access key.
    pub(crate) fn access_key(&self, access_key: &str) -> Option<&AccessKey> {
        self.current.access_keys.iter().find(|known| known.access_key == access_key)
    }

    pub(crate) fn instance(&self, id: &str) -> Option<&Instance> {
        self.current.instances.iter().find(|instance| instance.id == id)
    }

    /// The instance of that id, if it is in that project and not deleted.
    pub(crate) fn instance_in(&mut self, project: &str, id: &str) -> Option<&mut Instance> {
        self.current.instances.iter_mut().find(|instance| {
            instance.id == id
                && instance.project_id == project
                && instance.status != InstanceStatus::Deleted
        })
    }

    /// Has an instance shut down, which takes until `off_at`.
    pub(crate) fn shut_down(&mut self, id: &str, off_at: SystemTime) {
        if let Some(instance) = self.current.instances.iter_mut().find(|instance| instance.id == id)
        {
            instance.task = Task::PoweringOff;
            self.shut_downs.insert(id.to_owned(), off_at);
        }
    }
}

impl Instance {
    /// Whether it runs and nothing is being done to it.
    pub(crate) fn is_free(&self) -> bool {
        self.status == InstanceStatus::Active && self.task == Task::None
    }
}
