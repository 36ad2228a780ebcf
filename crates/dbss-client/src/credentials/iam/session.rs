//! The tokens of a password login: cached, shared, renewed.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::login::{PasswordLogin, Scope};
use super::single_flight::{SingleFlight, lock};
use crate::auth::{CredentialsError, Identity, ProviderContext, Token};
use crate::time::Clock;

/// How long before its end a token is renewed; at most a quarter of its lifetime.
const RENEWAL_MARGIN: Duration = Duration::from_secs(5 * 60);

/// How long no login is tried after IAM rejected one. IAM locks an account after a number
/// of wrong passwords within 15 minutes, five by default.
const PAUSE_AFTER_REJECTION: Duration = Duration::from_secs(5 * 60);

/// How long a valid token is used if it could not be renewed.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(30);

/// The shortest time between renewals of refused tokens. If a new token is refused as
/// well, another one does not help.
const RENEWAL_INTERVAL: Duration = Duration::from_secs(60);

/// A login and its tokens, one for each project and IAM endpoint.
pub(crate) struct Session {
    login: PasswordLogin,
    tokens: Mutex<Vec<Arc<ScopedToken>>>,
}

/// The token for one project of one IAM endpoint.
struct ScopedToken {
    endpoint: String,
    scope: Scope,
    state: Arc<Mutex<TokenState>>,
    single_flight: SingleFlight<Token>,
}

/// Times are the clock's `elapsed`, which is independent of changes to the time of day.
#[derive(Default)]
struct TokenState {
    cached: Option<CachedToken>,
    /// The error of a rejected login, and until when no other is tried.
    rejection: Option<(CredentialsError, Duration)>,
    /// When a token was last invalidated because the service refused it.
    invalidated_at: Option<Duration>,
}

struct CachedToken {
    token: Token,
    renew_at: Duration,
    ends_at: Duration,
    clock: Arc<dyn Clock>,
}

impl Session {
    pub(crate) fn new(login: PasswordLogin) -> Result<Self, CredentialsError> {
        login.check()?;
        Ok(Self { login, tokens: Mutex::default() })
    }

    /// The token for the client's project, from a login if none is cached.
    pub(crate) async fn identity(
        &self,
        context: &ProviderContext,
    ) -> Result<Identity, CredentialsError> {
        let scoped = self.scoped(context)?;
        let known = || lock(&scoped.state).known(context.clock().elapsed());
        if let Some(outcome) = known() {
            return outcome.map(Identity::Token);
        }
        let renew = || {
            let (login, context) = (self.login.clone(), context.clone());
            let (state, scope) = (Arc::clone(&scoped.state), scoped.scope.clone());
            async move {
                let outcome = login.log_in(&context, &scope).await;
                lock(&state).record_login(outcome, context.clock())
            }
        };
        scoped.single_flight.outcome(known, renew).await.map(Identity::Token)
    }

    /// The service refused that token. Returns whether there can be another one.
    pub(crate) fn invalidate(&self, identity: &Identity) -> bool {
        let Identity::Token(token) = identity else { return false };
        // A token that is not cached was replaced, or will be.
        lock(&self.tokens).iter().all(|scoped| lock(&scoped.state).invalidate(token))
    }

    fn scoped(&self, context: &ProviderContext) -> Result<Arc<ScopedToken>, CredentialsError> {
        let scope = self.login.scope(context)?;
        let endpoint = context.iam_endpoint();
        let mut tokens = lock(&self.tokens);
        let same =
            |scoped: &&Arc<ScopedToken>| scoped.scope == scope && scoped.endpoint == endpoint;
        if let Some(scoped) = tokens.iter().find(same) {
            return Ok(Arc::clone(scoped));
        }
        let scoped = Arc::new(ScopedToken {
            endpoint: endpoint.to_owned(),
            scope,
            state: Arc::default(),
            single_flight: SingleFlight::default(),
        });
        tokens.push(Arc::clone(&scoped));
        Ok(scoped)
    }
}

impl TokenState {
    /// The result that is known without asking IAM.
    fn known(&self, now: Duration) -> Option<Result<Token, CredentialsError>> {
        if let Some(cached) = self.cached.as_ref().filter(|cached| now < cached.renew_at) {
            return Some(Ok(cached.token.clone()));
        }
        let rejection = self.rejection.as_ref().filter(|(_, until)| now < *until)?;
        Some(Err(rejection.0.clone()))
    }

    /// Records the result of a login. If it failed, a token that is still valid is used
    /// further.
    fn record_login(
        &mut self,
        outcome: Result<(Token, Duration), CredentialsError>,
        clock: &Arc<dyn Clock>,
    ) -> Result<Token, CredentialsError> {
        let now = clock.elapsed();
        match outcome {
            Ok((token, life)) => {
                let margin = RENEWAL_MARGIN.min(life / 4);
                self.rejection = None;
                self.cached = Some(CachedToken {
                    token: token.clone(),
                    renew_at: now.saturating_add(life.saturating_sub(margin)),
                    ends_at: now.saturating_add(life),
                    clock: Arc::clone(clock),
                });
                Ok(token)
            }
            Err(error) => {
                let refused = error.status() == Some(401);
                let pause = if refused { PAUSE_AFTER_REJECTION } else { PAUSE_AFTER_FAILURE };
                if let Some(cached) = self.cached.as_mut().filter(|cached| now < cached.ends_at) {
                    cached.renew_at = now.saturating_add(pause).min(cached.ends_at);
                    return Ok(cached.token.clone());
                }
                if refused {
                    self.rejection = Some((error.clone(), now.saturating_add(pause)));
                }
                Err(error)
            }
        }
    }

    /// Drops that token if it is the cached one. Returns false if it is kept because
    /// another one was invalidated shortly before.
    fn invalidate(&mut self, token: &Token) -> bool {
        let Some(cached) = self.cached.as_ref().filter(|cached| cached.token.is(token)) else {
            return true;
        };
        let now = cached.clock.elapsed();
        let recent = |at: Duration| now.saturating_sub(at) < RENEWAL_INTERVAL;
        if self.invalidated_at.is_some_and(recent) {
            return false;
        }
        self.invalidated_at = Some(now);
        self.cached = None;
        true
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.login.fmt(f)
    }
}

#[cfg(test)]
mod tests;
