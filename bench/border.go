package bench

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"sync/atomic"
	"syscall"

	"github.com/fetchbench/fetchbench/fetchers/client"
)

// A border decides by the address that is really dialled, after the name was looked
// up, whether a connection may be opened: a name that was private when the run was
// announced may be elsewhere by now, and nobody has agreed to that. Loopback and
// private addresses are open to everybody.
type border struct {
	hosts map[string]*neighbour
	// connect dials, and asks allow about each address before anything is sent to it.
	connect func(ctx context.Context, network, addr string, allow func(address string) error) (net.Conn, error)
}

// A neighbour is a host of the plan.
type neighbour struct {
	host string
	// may says that addresses of it need be neither loopback nor private: that was
	// said before the first request, and agreed to if it was much.
	may bool
	// foreign says that an address was dialled that is not.
	foreign atomic.Bool
	// failed is how many requests in a row have failed.
	failed atomic.Int64
	// sent is how many attempts it got, redirects among them, and most how many
	// were announced, or need no word.
	sent atomic.Int64
	most int64
}

// newBorder makes the border of a run. Of a host that was not looked up because it
// gets little, nothing had to be said.
func newBorder(f *Footprint, agreed bool) *border {
	b := &border{hosts: map[string]*neighbour{}, connect: connect}
	for _, l := range f.Hosts {
		b.hosts[l.Host] = &neighbour{host: l.Host, may: l.Foreign || !agreed && !l.Heavy(), most: int64(max(l.Requests, mostUnasked))}
	}
	return b
}

// neighbours are the hosts of requests.
func (b *border) neighbours(list []Request) []*neighbour {
	out := make([]*neighbour, len(list))
	for i, r := range list {
		out[i] = b.hosts[hostOf(r.URL)]
	}
	return out
}

// dial opens a connection.
func (b *border) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	return b.connect(ctx, network, addr, func(address string) error { return b.allow(host, address) })
}

// connect dials with the dialler of the system, which looks the name up and asks
// about every address that it tries.
func connect(ctx context.Context, network, addr string, allow func(address string) error) (net.Conn, error) {
	dialer := net.Dialer{ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) error {
		return allow(address)
	}}
	return dialer.DialContext(ctx, network, addr)
}

// allow says why an address of a host may not be dialled, and notes where the host
// is. An address that cannot be read is nobody's.
func (b *border) allow(host, address string) error {
	at, err := netip.ParseAddrPort(address)
	if err == nil && !foreign(at.Addr()) {
		return nil
	}
	n := b.hosts[canonical(host)]
	if n == nil || !n.may {
		return fmt.Errorf("%w: %s is at %s, which is neither loopback nor private, and was not known to be when the run was announced",
			client.ErrNotAgreed, host, address)
	}
	n.foreign.Store(true)
	return nil
}
