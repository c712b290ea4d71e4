//! What ends sessions in the simulation, by their people and by Cognito.

use std::sync::atomic::Ordering;

use super::{
    super::super::{super::SessionEvent, sealed_session::SealedSession},
    World,
};

impl World {
    pub(super) fn sign_out(&mut self, browser: usize) {
        let server = self.rng.usize(..self.servers.len());
        if let Some(cookie) = self.browsers[browser].cookie.clone() {
            self.servers[server].lifecycle.end(&cookie, SessionEvent::SignedOut);
            self.pool.revoke(&cookie.session_id);
            self.checks.note_sign_out(server, &cookie.session_id);
            self.forget(browser, &cookie);
        }
    }

    /// Cognito hears of it, or does not.
    pub(super) fn sign_out_everywhere(&mut self, browser: usize) {
        let server = self.rng.usize(..self.servers.len());
        let Some(cookie) = self.browsers[browser].cookie.clone() else { return };
        // Seconds are all that tells before from after.
        self.seconds.fetch_add(1, Ordering::Relaxed);
        let at = &self.servers[server];
        at.lifecycle.end_all(&cookie, SessionEvent::SignedOut);
        self.checks.note_sign_out_everywhere(server, &cookie.sub, at.clock.now());
        if self.rng.u8(..4) > 0 {
            self.pool.revoke_all(&cookie.sub);
            at.lifecycle.note_all_revoked(&cookie);
        }
        if !self.may_jump {
            let own = self.browsers.iter().filter(|other| other.person == self.browsers[browser].person);
            for session in own.flat_map(|own| own.cookie.iter().chain(&own.old)) {
                self.checks.note_sign_out(server, &session.session_id);
            }
        }
        self.checks.note_sign_out(server, &cookie.session_id);
        self.forget(browser, &cookie);
    }

    fn forget(&mut self, browser: usize, cookie: &SealedSession) {
        let browser = &mut self.browsers[browser];
        browser.signed_out.insert(cookie.session_id.clone());
        browser.old.extend(browser.cookie.take());
    }

    pub(super) fn revoke(&mut self, browser: usize) {
        if let Some(cookie) = &self.browsers[browser].cookie {
            self.pool.revoke(&cookie.session_id);
        }
    }
}
