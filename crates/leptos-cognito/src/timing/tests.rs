use super::{super::session::tests::session, *};

fn at(secs: i64) -> Reading {
    Reading { steady_ms: secs * 1000, wall_ms: 1_800_000_000_000 + secs * 1000 }
}

fn upkeep() -> Upkeep {
    Upkeep::new(at(0), Duration::ZERO)
}

fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

fn look(session: Option<&Session>) -> Look<'_> {
    Look { is_visible: true, session, is_ticking: false }
}

/// The questions of a page up to `until_secs`, that is told of nothing but time, whose clock beats when it asked to be.
fn questions(
    upkeep: &mut Upkeep,
    look: &Look<'_>,
    until_secs: i64,
    mut answer: impl FnMut(&mut Upkeep, &Question),
) -> Vec<i64> {
    let (mut now, mut asked) = (at(0), Vec::new());
    while now.steady_ms <= until_secs * 1000 {
        match upkeep.next(now, look) {
            Next::Ask(asker) => {
                asked.push(now.steady_ms / 1000);
                let question = upkeep.ask(now, asker);
                answer(upkeep, &question);
            }
            Next::Wait(wait) => {
                assert!(!wait.is_zero(), "a timer that never waits");
                let wait_ms = i64::try_from(wait.as_millis()).unwrap();
                now = Reading { steady_ms: now.steady_ms + wait_ms, wall_ms: now.wall_ms + wait_ms };
            }
            Next::Rest => break,
        }
    }
    asked
}

fn is_answered(upkeep: &mut Upkeep, question: &Question) {
    assert!(upkeep.answered(question));
}

#[test]
fn a_page_asks_a_second_after_something_is_due() {
    let soonest = |change: fn(&mut Session)| {
        let mut session = session("anna", "1");
        change(&mut session);
        questions(&mut upkeep(), &look(Some(&session)), 700, is_answered).first().copied()
    };
    assert_eq!(soonest(|session| session.refresh_due_in_secs = 600), Some(601));
    assert_eq!(soonest(|session| session.ends_in_secs = 500), Some(501));
    assert_eq!(soonest(|session| session.idle_ends_in_secs = 400), Some(401));
    assert_eq!(soonest(|_| ()), None);
}

#[test]
fn what_stays_due_is_asked_about_every_five_seconds() {
    let due = Session { refresh_due_in_secs: 0, ..session("anna", "1") };
    assert_eq!(questions(&mut upkeep(), &look(Some(&due)), 20, is_answered), [5, 10, 15, 20]);
}

#[test]
fn a_server_that_does_not_answer_is_asked_less_and_less() {
    let due = Session { refresh_due_in_secs: 0, ..session("anna", "1") };
    let asked = questions(&mut upkeep(), &look(Some(&due)), 200, Upkeep::failed);
    assert_eq!(asked, [5, 15, 35, 75, 135, 195]);
    let mut upkeep = upkeep();
    let question = upkeep.ask(at(5), Asker::Page);
    upkeep.failed(&question);
    upkeep.is_online();
    assert_eq!(upkeep.next(at(10), &look(Some(&due))), Next::Ask(Asker::Page), "the network is back");
}

#[test]
fn a_question_that_failed_is_put_again_by_the_page_itself() {
    let mut upkeep = upkeep();
    let question = upkeep.ask(at(5), Asker::Person);
    upkeep.failed(&question);
    assert_eq!(upkeep.next(at(14), &look(None)), Next::Wait(secs(1)));
    assert_eq!(upkeep.next(at(15), &look(None)), Next::Ask(Asker::Page), "whoever wanted to know may be gone");
}

#[test]
fn what_failed_says_nothing_once_an_answer_came() {
    let due = Session { refresh_due_in_secs: 0, ..session("anna", "1") };
    let mut fails = [true, true, false].into_iter();
    let asked = questions(&mut upkeep(), &look(Some(&due)), 50, |upkeep, question| {
        if fails.next().unwrap_or(false) { upkeep.failed(question) } else { is_answered(upkeep, question) }
    });
    assert_eq!(asked, [5, 15, 35, 40, 45, 50]);
    // Nor once another tab has told of one.
    let mut upkeep = upkeep();
    let question = upkeep.ask(at(5), Asker::Page);
    upkeep.failed(&question);
    upkeep.heard(at(10), Duration::ZERO, Asker::Page);
    upkeep.want(Asker::Person);
    assert_eq!(upkeep.next(at(12), &look(None)), Next::Wait(secs(3)), "the other has just asked");
    assert_eq!(upkeep.next(at(15), &look(None)), Next::Ask(Asker::Person));
}

#[test]
fn a_page_that_came_late_counts_from_when_it_was_rendered() {
    let due = Session { refresh_due_in_secs: 600, ..session("anna", "1") };
    let mut upkeep = Upkeep::new(at(0), secs(100));
    assert_eq!(upkeep.age(at(50)), secs(150));
    assert_eq!(questions(&mut upkeep, &look(Some(&due)), 550, is_answered), [501]);
}

#[test]
fn a_page_that_nobody_looks_at_does_not_ask() {
    let due = Session { refresh_due_in_secs: 0, ..session("anna", "1") };
    let mut upkeep = upkeep();
    upkeep.want(Asker::Page);
    let hidden = Look { is_visible: false, ..look(Some(&due)) };
    assert_eq!(upkeep.next(at(600), &hidden), Next::Rest);
    upkeep.want(Asker::Person);
    assert_eq!(upkeep.next(at(601), &look(Some(&due))), Next::Ask(Asker::Person));
}

#[test]
fn a_return_within_five_seconds_is_remembered() {
    let mut upkeep = upkeep();
    upkeep.want(Asker::Person);
    assert_eq!(upkeep.next(at(2), &look(None)), Next::Wait(secs(3)));
    assert_eq!(upkeep.next(at(5), &look(None)), Next::Ask(Asker::Person));
}

#[test]
fn signed_out_a_page_rests_and_signed_in_its_heart_beats() {
    let session = session("anna", "1");
    assert_eq!(upkeep().next(at(60), &look(None)), Next::Rest);
    assert_eq!(upkeep().next(at(60), &look(Some(&session))), Next::Wait(HEARTBEAT));
    let half_past = Reading { steady_ms: 60_400, ..at(60) };
    let ticking = Look { is_ticking: true, ..look(Some(&session)) };
    assert_eq!(upkeep().next(half_past, &ticking), Next::Wait(Duration::from_millis(650)), "just past the second");
}

#[test]
fn clocks_that_disagree_lead_to_one_question() {
    let session = session("anna", "1");
    for apart_ms in [3_600_000, -3_600_000] {
        let mut upkeep = upkeep();
        let later = |secs: i64| Reading { wall_ms: at(secs).wall_ms + apart_ms, ..at(secs) };
        assert_eq!(upkeep.next(later(20), &look(Some(&session))), Next::Ask(Asker::Page));
        let question = upkeep.ask(later(20), Asker::Page);
        assert!(upkeep.answered(&question));
        assert_eq!(upkeep.next(later(40), &look(Some(&session))), Next::Wait(HEARTBEAT), "they agree again");
        assert_eq!(upkeep.age(later(40)), secs(20));
    }
}

#[test]
fn a_question_under_way_is_waited_for_and_given_up() {
    let mut upkeep = upkeep();
    let first = upkeep.ask(at(10), Asker::Person);
    upkeep.want(Asker::Page);
    assert_eq!(upkeep.next(at(20), &look(None)), Next::Wait(secs(20)));
    assert_eq!(upkeep.next(at(40), &look(None)), Next::Ask(Asker::Page));
    let second = upkeep.ask(at(40), Asker::Page);
    assert!(!upkeep.answered(&first), "late");
    assert!(upkeep.answered(&second));
}

#[test]
fn an_answer_from_before_the_page_forgot_does_not_count() {
    let mut upkeep = upkeep();
    let question = upkeep.ask(at(10), Asker::Person);
    upkeep.forget_for_a_while(at(11));
    assert!(!upkeep.answered(&question));
    assert_eq!(upkeep.next(at(12), &look(None)), Next::Wait(secs(4)), "it may be told");
    assert_eq!(upkeep.next(at(16), &look(None)), Next::Ask(Asker::Page));
}

#[test]
fn one_tab_asks_and_the_others_hear() {
    let mut upkeep = upkeep();
    let question = upkeep.ask(at(10), Asker::Page);
    assert!(question.waits_its_turn);
    upkeep.passed_over(&question);
    upkeep.heard(at(11), secs(1), Asker::Page);
    assert_eq!(upkeep.next(at(60), &look(None)), Next::Rest, "nothing is left to ask");
    assert_eq!(upkeep.age(at(60)), secs(50));
    assert!(upkeep.ask(at(61), Asker::Page).waits_its_turn);
}

#[test]
fn a_tab_that_hears_nothing_asks_out_of_turn() {
    let mut upkeep = upkeep();
    let question = upkeep.ask(at(10), Asker::Page);
    upkeep.passed_over(&question);
    assert_eq!(upkeep.next(at(15), &look(None)), Next::Ask(Asker::Page));
    let question = upkeep.ask(at(15), Asker::Page);
    assert!(!question.waits_its_turn);
    assert!(upkeep.answered(&question));
    assert!(upkeep.ask(at(20), Asker::Page).waits_its_turn);
}

#[test]
fn a_person_who_came_back_is_not_seen_by_another_tabs_own_question() {
    for (heard, expected) in [(Asker::Page, Next::Ask(Asker::Person)), (Asker::Person, Next::Rest)] {
        let mut upkeep = upkeep();
        upkeep.want(Asker::Person);
        upkeep.heard(at(10), Duration::ZERO, heard);
        assert_eq!(upkeep.next(at(15), &look(None)), expected, "{heard:?}");
    }
}

#[test]
fn a_tab_that_waited_for_another_and_cannot_believe_it_asks_at_once() {
    let mut upkeep = upkeep();
    upkeep.doubt();
    assert_eq!(upkeep.next(at(2), &look(None)), Next::Wait(secs(3)), "it did not wait for anybody");
    let question = upkeep.ask(at(10), Asker::Person);
    upkeep.passed_over(&question);
    upkeep.doubt();
    assert_eq!(upkeep.next(at(11), &look(None)), Next::Ask(Asker::Person));
    let question = upkeep.ask(at(11), Asker::Person);
    assert!(!question.waits_its_turn);
    assert!(upkeep.answered(&question));
    upkeep.want(Asker::Page);
    assert_eq!(upkeep.next(at(12), &look(None)), Next::Wait(secs(4)), "once");
    upkeep.doubt();
    assert_eq!(upkeep.next(at(12), &look(None)), Next::Wait(secs(4)), "once");
}
