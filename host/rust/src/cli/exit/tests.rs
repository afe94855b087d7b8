use super::*;

#[test]
fn the_exit_code_tells_who_is_to_blame() {
    let codes = [
        (ErrorKind::InvalidEvent, Exit::Refused),
        (ErrorKind::Config, Exit::Usage),
        (ErrorKind::Component, Exit::Usage),
        (ErrorKind::Unavailable, Exit::Delivery),
        (ErrorKind::Outbox, Exit::Delivery),
        (ErrorKind::Trap, Exit::Internal),
    ];
    for (kind, exit) in codes {
        let error = anyhow::Error::new(Error::new(kind, "said in a test")).context("with context");
        assert_eq!(report(&error), exit);
    }
}

#[test]
fn a_closed_pipe_is_success_and_a_full_disk_is_not() {
    let unwritable = |kind: io::ErrorKind| anyhow::Error::new(Unwritable(kind.into()));
    assert_eq!(report(&unwritable(io::ErrorKind::BrokenPipe)), Exit::Success);
    assert_eq!(report(&unwritable(io::ErrorKind::StorageFull)), Exit::Delivery);
}

#[test]
fn an_unreadable_input_is_wrong_usage() {
    let missing = anyhow::Error::new(io::Error::from(io::ErrorKind::NotFound));
    assert_eq!(report(&missing), Exit::Usage);
}
