package bench

import (
	"context"
	"net"
	"sync/atomic"
)

// dials opens the connections of a run and counts them. A client cannot give the
// count that the upstream is held against: a dial that nobody waits for any more
// goes on behind it, and one that is cancelled may have been accepted already.
type dials struct {
	open     func(ctx context.Context, network, addr string) (net.Conn, error)
	underWay atomic.Int64
	opened   atomic.Int64
}

// dial opens a connection, unless the context is done already.
func (d *dials) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	d.underWay.Add(1)
	defer d.underWay.Add(-1)
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	conn, err := d.open(ctx, network, addr)
	if err == nil {
		d.opened.Add(1)
	}
	return conn, err
}

// quiet reports whether no dial is under way.
func (d *dials) quiet() bool { return d.underWay.Load() == 0 }

// since returns a function that tells how many connections have been opened from
// now on.
func (d *dials) since() func() int {
	begun := d.opened.Load()
	return func() int { return int(d.opened.Load() - begun) }
}

// dialLoopback connects to an embedded upstream. Once begun it is not cancelled:
// there a connection takes microseconds, and one that the kernel has made and the
// client disowns would be counted by one side only.
func dialLoopback(ctx context.Context, network, addr string) (net.Conn, error) {
	dialer := net.Dialer{Timeout: defaultTimeout}
	return dialer.DialContext(context.WithoutCancel(ctx), network, addr)
}
