//! The current state, and how it changes.

mod lockout;

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, SystemTime};

use secrecy::{ExposeSecret as _, SecretString};

use self::lockout::Lockout;
use crate::state::{AccessKey, Instance, InstanceStatus, InvalidState, State, Task, Token};

/// How long a key pair is locked. Source: the FAQ of OCR, `ocr_01_0063`.
const KEY_LOCK: Duration = Duration::from_secs(5 * 60);

/// How long a user is locked. Source: IAM's documents on logins.
const LOGIN_LOCK: Duration = Duration::from_secs(15 * 60);

/// How many issued tokens are kept; the oldest is dropped first.
const MAX_ISSUED_TOKENS: usize = 1_000;

/// The current state. There is no background task: [`advance_to`](Self::advance_to)
/// applies what has become due before each access.
#[derive(Debug)]
pub(crate) struct Store {
    initial: State,
    current: State,
    /// When the tasks of instances end, by their ids. A task that an instance had from the
    /// start is not among them.
    task_ends: HashMap<String, SystemTime>,
    /// The tokens that logins have issued, oldest first.
    issued_tokens: VecDeque<Token>,
    /// The tokens of the metadata service with their ends, oldest first.
    metadata_tokens: VecDeque<(SecretString, SystemTime)>,
    /// Key pairs, locked after wrong signatures.
    pub(crate) key_lockout: Lockout,
    /// Users, locked after wrong passwords.
    pub(crate) login_lockout: Lockout,
}

impl Store {
    pub(crate) fn new(initial: State) -> Self {
        Self {
            current: initial.clone(),
            initial,
            task_ends: HashMap::new(),
            issued_tokens: VecDeque::new(),
            metadata_tokens: VecDeque::new(),
            key_lockout: Lockout::new(KEY_LOCK),
            login_lockout: Lockout::new(LOGIN_LOCK),
        }
    }

    /// Restores the initial state.
    pub(crate) fn reset(&mut self) {
        self.current = self.initial.clone();
        self.task_ends.clear();
        self.issued_tokens.clear();
        self.metadata_tokens.clear();
        self.key_lockout.clear();
        self.login_lockout.clear();
    }

    /// Applies what is due at that time: the ends of tasks.
    pub(crate) fn advance_to(&mut self, now: SystemTime) -> &mut Self {
        for instance in &mut self.current.instances {
            if self.task_ends.get(&instance.id).is_some_and(|end| *end <= now) {
                self.task_ends.remove(&instance.id);
                instance.end_task();
            }
        }
        self
    }

    pub(crate) fn state(&self) -> &State {
        &self.current
    }

    /// The token with that value.
    pub(crate) fn token(&self, value: &[u8]) -> Option<&Token> {
        let mut tokens = self.current.tokens.iter().chain(&self.issued_tokens);
        tokens.find(|token| token.token.expose_secret().as_bytes() == value)
    }

    /// Keeps a token that a login has issued.
    pub(crate) fn issue(&mut self, token: Token) {
        if self.issued_tokens.len() >= MAX_ISSUED_TOKENS {
            self.issued_tokens.pop_front();
        }
        self.issued_tokens.push_back(token);
    }

    /// Keeps a token of the metadata service.
    pub(crate) fn issue_metadata_token(&mut self, token: SecretString, end: SystemTime) {
        if self.metadata_tokens.len() >= MAX_ISSUED_TOKENS {
            self.metadata_tokens.pop_front();
        }
        self.metadata_tokens.push_back((token, end));
    }

    /// Whether the metadata service has issued that token, and it is valid.
    pub(crate) fn is_metadata_token(&self, value: &[u8], now: SystemTime) -> bool {
        let mut tokens = self.metadata_tokens.iter();
        tokens.any(|(token, end)| token.expose_secret().as_bytes() == value && *end > now)
    }

    /// The key pair with that access key.
    pub(crate) fn access_key(&self, access_key: &str) -> Option<&AccessKey> {
        self.current.access_keys.iter().find(|key| key.access_key == access_key)
    }

    pub(crate) fn instance(&self, id: &str) -> Option<&Instance> {
        self.current.instances.iter().find(|instance| instance.id == id)
    }

    /// The instance with that id, if it is in that project and not deleted.
    pub(crate) fn instance_in(&mut self, project: &str, id: &str) -> Option<&mut Instance> {
        self.current.instances.iter_mut().find(|instance| {
            instance.id == id
                && instance.project_id == project
                && instance.status != InstanceStatus::Deleted
        })
    }

    /// Gives an instance a task, which takes until `end`.
    pub(crate) fn begin_task(&mut self, id: &str, task: Task, end: SystemTime) {
        if let Some(instance) = self.current.instances.iter_mut().find(|instance| instance.id == id)
        {
            instance.task = task;
            self.task_ends.insert(id.to_owned(), end);
        }
    }

    /// Replaces the instances, if the state is consistent with the new ones.
    pub(crate) fn set_instances(&mut self, instances: Vec<Instance>) -> Result<(), InvalidState> {
        self.current = State { instances, ..self.current.clone() }.validated()?;
        self.task_ends.clear();
        Ok(())
    }
}

impl Instance {
    /// Ends its task, which leaves it running or stopped.
    fn end_task(&mut self) {
        self.status = match self.task {
            Task::PoweringOff => InstanceStatus::Shutoff,
            Task::PoweringOn | Task::Rebooting => InstanceStatus::Active,
            Task::None | Task::DeleteWait => self.status,
        };
        self.task = Task::None;
    }

    /// Whether it is running and has no task.
    pub(crate) fn is_idle(&self) -> bool {
        self.status == InstanceStatus::Active && self.task == Task::None
    }
}
