package bench

import (
	"context"
	"net"
	"regexp"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/fetchbench/fetchbench/bench/upstream"
)

// A tap is a connection that notes what goes to the upstream.
type tap struct {
	net.Conn
	heard *[]byte
}

// Write passes on what it notes.
func (c tap) Write(p []byte) (int, error) {
	*c.heard = append(*c.heard, p...)
	return c.Conn.Write(p)
}

// heard makes a run of three contenders that make one request at a time and returns
// the ids of its requests in the order in which they went over the wire.
func heard(t *testing.T, seed uint64) (ids []upstream.ID) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		p, _ := Defaults("constant") // which is in the list
		p.Upstream.Form, p.Contenders = FormMemory, []string{"sequential", "pool:1", "waves:1"}
		p.Requests, p.Rounds, p.Warmup, p.Seed = 3, 12, 2, seed
		e, err := Open(t.Context(), p, Tool{})
		if err != nil {
			t.Fatal(err)
		}
		var wire []byte
		open := e.target.dials.open
		e.target.dials.open = func(ctx context.Context, network, addr string) (net.Conn, error) {
			conn, err := open(ctx, network, addr)
			return tap{conn, &wire}, err
		}
		for _, err := range e.Trials(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
		}
		if d := e.Header().Design; d.Seed != seed || d.Order != Random || d.Warmup != 2 {
			t.Errorf("the header says %+v", d)
		}
		if err := e.Close(); err != nil {
			t.Error(err)
		}
		for _, found := range regexp.MustCompile(upstream.IDHeader+`: (\S+)`).FindAllSubmatch(wire, -1) {
			id, err := upstream.ParseID(string(found[1]))
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, id)
		}
	})
	return ids
}

// TestR49TheOrderOnTheWireIsTheSeeds: what goes over the wire is every round's
// permutation of the contenders as the seed draws it, each with its batch in order,
// warm-up rounds first. The same seed gives the same order, another another.
func TestR49TheOrderOnTheWireIsTheSeeds(t *testing.T) {
	for _, seed := range []uint64{7, 8} {
		var want []upstream.ID
		for _, round := range []int{-1, -2, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11} {
			for _, contender := range order(Random, seed, round, 3) {
				for i := range 3 {
					want = append(want, upstream.ID{Round: round, Contender: contender, Index: i})
				}
			}
		}
		got := heard(t, seed)
		if !slices.Equal(got, want) {
			t.Errorf("seed %d: on the wire were\n%v, want\n%v", seed, got, want)
		}
		if again := heard(t, seed); !slices.Equal(again, got) {
			t.Errorf("seed %d: the second time the order is another", seed)
		}
		if other := heard(t, seed+100); slices.Equal(other, got) {
			t.Errorf("seeds %d and %d have one order", seed, seed+100)
		}
	}
}
