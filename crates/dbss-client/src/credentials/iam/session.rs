//! The tokens of a password login: kept, shared, renewed.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::flight::{Flight, lock};
use super::login::{PasswordLogin, Scope};
use crate::auth::{CredentialsError, Identity, Surroundings, Token};
use crate::time::Clock;

/// How long before its end a token is renewed; a quarter of its life if that is
/// less.
const MARGIN: Duration = Duration::from_secs(5 * 60);

/// How long IAM is left alone after it refused a login. It locks an account after
/// a number of wrong passwords within 15 minutes, five unless configured.
const AFTER_REFUSAL: Duration = Duration::from_secs(5 * 60);

/// How long a token that is still good is used when it could not be renewed.
const AFTER_FAILURE: Duration = Duration::from_secs(30);

/// How often, at most, a token is renewed because the service refused it. A new
/// one that is refused as well will not be cured by another.
const RENEWAL_INTERVAL: Duration = Duration::from_secs(60);

/// A login and its tokens, one for each project and IAM that it was used with.
pub(crate) struct Session {
    login: PasswordLogin,
    places: Mutex<Vec<Arc<Place>>>,
}

/// The token for one project of one IAM.
struct Place {
    endpoint: String,
    scope: Scope,
    state: Arc<Mutex<State>>,
    flight: Flight<Token>,
}

/// All times are the clock's `elapsed`, which no change of the time of day moves.
#[derive(Default)]
struct State {
    held: Option<Held>,
    /// IAM refused the login, and is left alone until then.
    refusal: Option<(CredentialsError, Duration)>,
    /// When a token was last given up because the service refused it.
    given_up_at: Option<Duration>,
}

struct Held {
    token: Token,
    renew_at: Duration,
    ends_at: Duration,
    clock: Arc<dyn Clock>,
}

impl Session {
    pub(crate) fn new(login: PasswordLogin) -> Result<Self, CredentialsError> {
        login.check()?;
        Ok(Self { login, places: Mutex::default() })
    }

    /// The token for the client's project, from a login if there is none.
    pub(crate) async fn identity(
        &self,
        surroundings: &Surroundings,
    ) -> Result<Identity, CredentialsError> {
        let place = self.place(surroundings)?;
        let known = || lock(&place.state).known(surroundings.clock().elapsed());
        if let Some(outcome) = known() {
            return outcome.map(Identity::Token);
        }
        let renew = || {
            let (login, surroundings) = (self.login.clone(), surroundings.clone());
            let (state, scope) = (Arc::clone(&place.state), place.scope.clone());
            async move {
                let outcome = login.log_in(&surroundings, &scope).await;
                lock(&state).take_in(outcome, surroundings.clock())
            }
        };
        place.flight.outcome(known, renew).await.map(Identity::Token)
    }

    /// The service refused that token: whether there can be another one.
    pub(crate) fn refused(&self, identity: &Identity) -> bool {
        let Identity::Token(token) = identity else { return false };
        // A token that is no longer held has been replaced or will be.
        lock(&self.places).iter().all(|place| lock(&place.state).give_up(token))
    }

    fn place(&self, surroundings: &Surroundings) -> Result<Arc<Place>, CredentialsError> {
        let scope = self.login.scope(surroundings)?;
        let endpoint = surroundings.iam_endpoint();
        let mut places = lock(&self.places);
        let same = |place: &&Arc<Place>| place.scope == scope && place.endpoint == endpoint;
        if let Some(place) = places.iter().find(same) {
            return Ok(Arc::clone(place));
        }
        let place = Arc::new(Place {
            endpoint: endpoint.to_owned(),
            scope,
            state: Arc::default(),
            flight: Flight::default(),
        });
        places.push(Arc::clone(&place));
        Ok(place)
    }
}

impl State {
    /// What can be said without asking IAM.
    fn known(&self, now: Duration) -> Option<Result<Token, CredentialsError>> {
        if let Some(held) = self.held.as_ref().filter(|held| now < held.renew_at) {
            return Some(Ok(held.token.clone()));
        }
        let refusal = self.refusal.as_ref().filter(|(_, until)| now < *until)?;
        Some(Err(refusal.0.clone()))
    }

    /// Takes in how a login went. A token that is still good outlives a renewal
    /// that failed.
    fn take_in(
        &mut self,
        outcome: Result<(Token, Duration), CredentialsError>,
        clock: &Arc<dyn Clock>,
    ) -> Result<Token, CredentialsError> {
        let now = clock.elapsed();
        match outcome {
            Ok((token, life)) => {
                let margin = MARGIN.min(life / 4);
                self.refusal = None;
                self.held = Some(Held {
                    token: token.clone(),
                    renew_at: now.saturating_add(life.saturating_sub(margin)),
                    ends_at: now.saturating_add(life),
                    clock: Arc::clone(clock),
                });
                Ok(token)
            }
            Err(error) => {
                let refused = error.status() == Some(401);
                let pause = if refused { AFTER_REFUSAL } else { AFTER_FAILURE };
                if let Some(held) = self.held.as_mut().filter(|held| now < held.ends_at) {
                    held.renew_at = now.saturating_add(pause).min(held.ends_at);
                    return Ok(held.token.clone());
                }
                if refused {
                    self.refusal = Some((error.clone(), now.saturating_add(pause)));
                }
                Err(error)
            }
        }
    }

    /// Gives up that token if it is the one that is held; false if it is to be
    /// kept, since the one before it was given up only just now.
    fn give_up(&mut self, token: &Token) -> bool {
        let Some(held) = self.held.as_ref().filter(|held| held.token.is(token)) else {
            return true;
        };
        let now = held.clock.elapsed();
        let recent = |at: Duration| now.saturating_sub(at) < RENEWAL_INTERVAL;
        if self.given_up_at.is_some_and(recent) {
            return false;
        }
        self.given_up_at = Some(now);
        self.held = None;
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
