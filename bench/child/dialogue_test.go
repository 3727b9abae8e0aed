package child

import (
	"testing"
	"time"
)

// Ten requests in waves of four are three waves. Ten million, each of which may take a
// year, take longer than a Duration holds, and no less time for that.
func TestAPlanHasTheTimeOfItsRequests(t *testing.T) {
	const year = 365 * 24 * time.Hour
	few := order{N: 10, Concurrency: 4, TimeoutMS: 1000}
	if got := few.longest(); got != 3*time.Second {
		t.Errorf("three waves of a second take %v at most", got)
	}
	many := order{N: 10_000_000, Concurrency: 1, TimeoutMS: year.Milliseconds()}
	if got := many.longest(); got < 100*year || got+time.Minute < got {
		t.Errorf("ten million years take %v at most", got)
	}
}
