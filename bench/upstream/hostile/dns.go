package hostile

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// names are the listeners that resolve names.
func names() []listener { return []listener{{name: "dns", start: startDNS}} }

// Bounds of the name server: how long a slow answer takes, how many may be slow at
// once, and the longest question (RFC 1035, 4.2.1).
const (
	slowAnswer = 2 * time.Second
	mostSlow   = 1000
	question   = 512
)

// nameServer answers questions about <kind>.torture over UDP: ok and slow are
// 127.0.0.1, nx does not exist, servfail fails, drop is never answered, rebind is
// 127.0.0.1 when first asked and then not, v6blackhole has an address of IPv6 too,
// where nobody is, and empty has no address.
type nameServer struct {
	server *Server
	conn   *net.UDPConn
	ctx    context.Context
	// later are the answers under way, tickets as many as there may be.
	later   sync.WaitGroup
	tickets chan struct{}
}

// startDNS answers at a UDP port.
func startDNS(s *Server, _ listener) (net.Addr, func() error, error) {
	conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	n := &nameServer{server: s, conn: conn, ctx: ctx, tickets: make(chan struct{}, mostSlow)}
	n.later.Go(n.serve)
	return conn.LocalAddr(), func() error {
		cancel()
		err := conn.Close()
		n.later.Wait()
		return err
	}, nil
}

// serve answers until the port is closed.
func (n *nameServer) serve() {
	packet := make([]byte, question)
	for {
		size, from, err := n.conn.ReadFromUDPAddrPort(packet)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		var m dnsmessage.Message
		if err != nil || m.Unpack(packet[:size]) != nil || len(m.Questions) != 1 || m.Response {
			continue // not a question
		}
		kind, answer := n.answer(m)
		packed, err := answer.Pack()
		if err != nil || kind == "drop" {
			continue
		}
		send := func() { _, _ = n.conn.WriteToUDPAddrPort(packed, from) } // UDP promises nothing
		if kind != "slow" {
			send()
			continue
		}
		n.postpone(send)
	}
}

// postpone sends a slow answer, or none if there are too many.
func (n *nameServer) postpone(send func()) {
	select {
	case n.tickets <- struct{}{}:
		n.later.Go(func() {
			if sleep(n.ctx, slowAnswer) {
				send()
			}
			<-n.tickets
		})
	default:
	}
}

// answer counts a question and returns what kind it was, and the answer.
func (n *nameServer) answer(m dnsmessage.Message) (string, dnsmessage.Message) {
	q := m.Questions[0]
	asked := strings.ToLower(q.Name.String())
	n.server.book.note(func(seen *Stats) { bump(&seen.DNS, asked+" "+strings.TrimPrefix(q.Type.String(), "Type")) })
	kind, ours := strings.CutSuffix(asked, ".torture.")
	kind = kind[strings.LastIndex(kind, ".")+1:]
	reply := dnsmessage.Message{
		Header: dnsmessage.Header{
			ID: m.ID, Response: true, Authoritative: true, RecursionDesired: m.RecursionDesired,
			RecursionAvailable: true, RCode: code(kind, ours),
		},
		Questions: m.Questions,
	}
	if body := n.address(kind, q.Type); body != nil && reply.RCode == dnsmessage.RCodeSuccess {
		// No time to live: each connection is to ask again.
		header := dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class}
		reply.Answers = []dnsmessage.Resource{{Header: header, Body: body}}
	}
	return kind, reply
}

// code is the outcome of a question.
func code(kind string, ours bool) dnsmessage.RCode {
	switch {
	case !ours:
		return dnsmessage.RCodeRefused
	case kind == "servfail":
		return dnsmessage.RCodeServerFailure
	}
	switch kind {
	case "ok", "drop", "slow", "rebind", "v6blackhole", "empty":
		return dnsmessage.RCodeSuccess
	}
	return dnsmessage.RCodeNameError
}

// address is the one of a kind and a type of question, or nil. Those that are not
// here are nobody's: 192.0.2.1 is for documentation (RFC 5737), and what is sent to
// 100::1 is to be discarded (RFC 6666).
func (n *nameServer) address(kind string, of dnsmessage.Type) dnsmessage.ResourceBody {
	switch {
	case of == dnsmessage.TypeAAAA && kind == "v6blackhole":
		return &dnsmessage.AAAAResource{AAAA: [16]byte{0: 1, 15: 1}}
	case of != dnsmessage.TypeA || kind == "empty":
		return nil
	}
	if kind == "rebind" {
		// Questions are answered by one goroutine, so that nobody else counts.
		asked := remember(&n.server.memory, "rebind", func() *int { return new(int) })
		*asked++
		if *asked > 1 {
			return &dnsmessage.AResource{A: [4]byte{192, 0, 2, 1}}
		}
	}
	return &dnsmessage.AResource{A: [4]byte{127, 0, 0, 1}}
}
