package custom

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"
)

// until waits for a condition, and not for ever.
func until(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !condition(); runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatal("this does not come: ", what)
		}
	}
}

func TestRecordsAreHandedOverInOrderAndOneAtATime(t *testing.T) {
	var mutex sync.Mutex
	var seen []string
	sink := Start("own", 9, func(_ context.Context, record string) error {
		if !mutex.TryLock() {
			t.Error("two at a time")
		}
		defer mutex.Unlock()
		seen = append(seen, record)
		return nil
	})
	for _, records := range [][]string{{"1", "2"}, {"3"}, {"4", "5"}} {
		if err := sink.Write(records); err != nil {
			t.Fatal(err)
		}
	}
	if dropped := sink.Close(context.Background()); dropped > 0 || !slices.Equal(seen, []string{"1", "2", "3", "4", "5"}) {
		t.Error(dropped, seen)
	}
	if stats := sink.Stats(); stats != (Stats{Delivered: 5}) {
		t.Error(stats)
	}
}

func TestASlowSinkDelaysNobodyAndWhatItsQueueCannotHoldIsDroppedAndCounted(t *testing.T) {
	holds, release := make(chan struct{}, 9), make(chan struct{})
	sink := Start("own", 2, func(context.Context, string) error {
		holds <- struct{}{}
		<-release
		return nil
	})
	sink.Write([]string{"in its hands"})
	<-holds
	why := sink.Write([]string{"queued", "queued", "dropped", "dropped"})
	if why == nil || why.Written != 2 || why.Message != "its queue of 2 records is full" || !why.Retryable {
		t.Fatal(why)
	}
	if stats := sink.Stats(); stats != (Stats{Queued: 2, Dropped: 2}) {
		t.Error(stats)
	}
	close(release)
	until(t, "an empty queue", func() bool { return sink.Stats().Delivered == 3 })
	if why := sink.Write([]string{"again"}); why != nil {
		t.Error(why)
	}
	sink.Close(context.Background())
}

type ownError struct{}

func (ownError) Error() string { return "hunter2" }

func TestErrorsAndPanicsAreCountedByTheirTypes(t *testing.T) {
	sink := Start("own", 9, func(_ context.Context, record string) error {
		switch record {
		case "fails":
			return ownError{}
		case "panics":
			panic(errors.New("hunter2"))
		}
		return nil
	})
	sink.Write([]string{"fails"})
	until(t, "the error", func() bool { return sink.Stats() == Stats{Failed: 1, LastError: "custom.ownError"} })
	sink.Write([]string{"panics", "works"})
	sink.Close(context.Background())
	if stats := sink.Stats(); stats != (Stats{Delivered: 1, Failed: 2, LastError: "*errors.errorString"}) {
		t.Error(stats)
	}
}

func TestClosingEndsInTimeAndDropsWhatIsLeft(t *testing.T) {
	holds := make(chan struct{})
	sink := Start("own", 9, func(ctx context.Context, _ string) error {
		close(holds)
		<-ctx.Done()
		return ctx.Err()
	})
	sink.Write([]string{"in its hands", "left", "left"})
	<-holds
	over, cancel := context.WithCancel(context.Background())
	cancel()
	if dropped := sink.Close(over); dropped != 2 {
		t.Error(dropped)
	}
	until(t, "the end of the one in its hands", func() bool {
		return sink.Stats() == Stats{Failed: 1, Dropped: 2, LastError: "*errors.errorString"}
	})
	<-sink.done
}
