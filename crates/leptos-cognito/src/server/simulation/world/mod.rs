//! The simulation's world: three people, one of them with two browsers, one or two servers, a user pool, and chance.

mod sign_outs;

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use fastrand::Rng;

use super::{
    super::{
        sealed_session::SealedSession,
        visit::{Loaded, Visit, Write},
    },
    browser::Browser,
    checks::{Asked, Checks},
    pool::{Fate, Pool},
    server::{IDLE_LIMIT, Server, clock},
};

const START_SECS: u64 = 1_000_000;

/// Who sits at which browser.
const PEOPLE: [usize; 4] = [0, 0, 1, 2];

/// An answer that a server has made, on its way to the browser.
struct Answer {
    browser: usize,
    asked: Asked,
    loaded: Loaded,
}

pub(super) struct World {
    rng: Rng,
    seconds: Arc<AtomicU64>,
    /// How far the servers' wall clocks are off.
    skew_secs: Arc<AtomicI64>,
    may_jump: bool,
    /// The renewals of all others fail, and never this person's.
    bystander: Option<usize>,
    pool: Arc<Pool>,
    servers: Vec<Arc<Server>>,
    browsers: [Browser; 4],
    made: Arc<Mutex<Vec<Answer>>>,
    on_the_way: Vec<Answer>,
    checks: Checks,
}

impl World {
    pub(super) fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let seconds = Arc::new(AtomicU64::new(START_SECS));
        let skew_secs = Arc::new(AtomicI64::new(0));
        let rotation = [None, Some(0), Some(60)][rng.usize(..3)].map(Duration::from_secs);
        let pool = Arc::new(Pool::new(clock(&seconds, &Arc::default()), rotation));
        // With no patience, whoever's token is good never waits for a new one.
        let patience = [Duration::ZERO, Duration::from_secs(3600)][rng.usize(..2)];
        let servers = (0..=rng.usize(..2)).map(|server| {
            let clock = clock(&seconds, &skew_secs);
            Arc::new(Server::new(server, &pool, clock, patience))
        });
        let servers: Vec<_> = servers.collect();
        let may_jump = rng.u8(..4) == 0;
        let bystander = (rng.u8(..3) == 0).then_some(2);
        let checks = Checks::new(servers.len(), rotation.is_some(), may_jump);
        let browsers = std::array::from_fn(|number| Browser::new(number, PEOPLE[number]));
        let (made, on_the_way) = Default::default();
        Self { rng, seconds, skew_secs, may_jump, bystander, pool, servers, browsers, made, on_the_way, checks }
    }

    /// One thing happens, by chance.
    pub(super) async fn step(&mut self) {
        let browser = self.rng.usize(..PEOPLE.len());
        match self.rng.u8(..100) {
            0..35 => self.request(browser).await,
            35..60 => self.let_cognito_act(),
            60..80 => self.deliver(),
            80..91 => self.pass_time(),
            91..93 => self.sign_out(browser),
            93..95 => self.sign_out_everywhere(browser),
            95..97 => self.revoke(browser),
            _ => self.jump(),
        }
        self.run_until_quiet().await;
    }

    /// All that is under way ends well; then everybody who was not signed out is signed in.
    pub(super) async fn finish(&mut self) {
        self.bystander = None;
        for round in 0..8 {
            while !self.pool.state().calls.is_empty() {
                self.settle_a_call(Fate::Answered);
                self.run_until_quiet().await;
            }
            while !self.on_the_way.is_empty() {
                self.deliver_answer(0, true);
            }
            self.seconds.fetch_add(31, Ordering::Relaxed);
            self.checks.is_calm = round > 5;
            for browser in 0..PEOPLE.len() {
                self.request_with(browser, 0, self.browsers[browser].cookie.clone(), Visit::Person);
                self.run_until_quiet().await;
            }
        }
    }

    async fn request(&mut self, number: usize) {
        let server = self.rng.usize(..self.servers.len());
        if self.browsers[number].cookie.is_none() {
            let now = self.servers[server].clock.now();
            let begun = self.browsers[number].sign_in(now, &self.pool);
            let at = &self.servers[server];
            at.lifecycle.begin(&begun, at.clock.steady());
        }
        let browser = &self.browsers[number];
        let carries_old = !browser.old.is_empty() && self.rng.u8(..4) == 0;
        let cookie = if carries_old { self.rng.choice(&browser.old).cloned() } else { browser.cookie.clone() };
        let visit = [Visit::Person, Visit::Call, Visit::Page, Visit::Glance][self.rng.usize(..4)];
        self.request_with(number, server, cookie, visit);
    }

    fn request_with(&mut self, number: usize, server: usize, cookie: Option<Arc<SealedSession>>, visit: Visit) {
        let Some(carried) = cookie else { return };
        let browser = &mut self.browsers[number];
        let is_current = browser.cookie.as_ref().is_some_and(|own| Arc::ptr_eq(own, &carried));
        if is_current && browser.signed_out.contains(&carried.session_id) {
            // As the guard does: a late answer has brought it back, and the browser says that it is over.
            browser.cookie = None;
            return;
        }
        let (at, now) = (self.servers[server].clone(), self.now_secs());
        let is_bystander = self.bystander == Some(self.browsers[number].person);
        self.checks.note_presented(server, &carried, now);
        let asked = Asked { server, carried, visit, at: now, is_current, is_bystander };
        let made = self.made.clone();
        tokio::spawn(async move {
            let mut loaded = at.lifecycle.load((*asked.carried).clone(), visit).await;
            // As the guard does when it makes the answer.
            if let Write::Replace(session) = &loaded.write
                && at.lifecycle.has_ended(session)
            {
                loaded.write = Write::Nothing;
            }
            made.lock().unwrap().push(Answer { browser: number, asked, loaded });
        });
    }

    fn let_cognito_act(&mut self) {
        let fate = match self.rng.u8(..11) {
            0..7 => Fate::Answered,
            7 => Fate::Lost,
            8 => Fate::Failed,
            9 => Fate::Refused,
            _ => Fate::Misconfigured,
        };
        self.settle_a_call(fate);
    }

    fn settle_a_call(&mut self, fate: Fate) {
        let call = {
            let mut state = self.pool.state();
            if state.calls.is_empty() {
                return;
            }
            let index = self.rng.usize(..state.calls.len());
            state.calls.swap_remove(index)
        };
        let fate = match self.bystander {
            None => fate,
            Some(person) if call.user == format!("person-{person}") => Fate::Answered,
            Some(_) if fate == Fate::Answered => Fate::Failed,
            Some(_) => fate,
        };
        let steady = self.now_secs();
        let settled = self.pool.settle(&call, fate);
        self.checks.note_settled(&call, fate, settled.verdict, steady);
        drop(call.answer.send(settled.answer));
    }

    /// Answers arrive late, in any order, or not at all.
    fn deliver(&mut self) {
        if !self.on_the_way.is_empty() {
            let index = self.rng.usize(..self.on_the_way.len());
            let arrives = self.rng.u8(..8) != 0;
            self.deliver_answer(index, arrives);
        }
    }

    fn deliver_answer(&mut self, index: usize, arrives: bool) {
        let answer = self.on_the_way.swap_remove(index);
        // The server knows the newest tokens: an answer that does not reach the browser explains no lost session.
        if !arrives {
            return;
        }
        let browser = &mut self.browsers[answer.browser];
        match answer.loaded.write {
            Write::Nothing => {}
            Write::Clear | Write::ClearAfterVerdict => browser.cookie = None,
            Write::Replace(session) => browser.old.extend(browser.cookie.replace(session)),
        }
        if browser.old.len() > 4 {
            browser.old.remove(0);
        }
    }

    fn pass_time(&mut self) {
        let secs = match self.rng.u8(..4) {
            0 => self.rng.u64(1..5),
            1 => self.rng.u64(5..90),
            2 => self.rng.u64(90..1800),
            _ => self.rng.u64(3000..7200),
        };
        self.seconds.fetch_add(secs, Ordering::Relaxed);
    }

    fn jump(&mut self) {
        if self.may_jump {
            let hour = 3600;
            self.skew_secs.store([-hour, 0, hour][self.rng.usize(..3)], Ordering::Relaxed);
        }
    }

    /// Lets all tasks go as far as they can, and looks at what they did.
    async fn run_until_quiet(&mut self) {
        for _ in 0..6 {
            tokio::task::yield_now().await;
        }
        let steady = self.now_secs();
        for call in &self.pool.state().calls {
            self.checks.note_call(call, steady);
        }
        let made: Vec<_> = self.made.lock().unwrap().drain(..).collect();
        for answer in made {
            let server = &self.servers[answer.asked.server];
            self.checks.check_answer(&answer.asked, server, &self.pool, &answer.loaded, IDLE_LIMIT, steady);
            self.on_the_way.push(answer);
        }
    }

    fn now_secs(&self) -> u64 {
        self.seconds.load(Ordering::Relaxed)
    }
}
