package upstream

import (
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

// portTries is how often a port is drawn whose number must be free for TCP and for
// UDP. Few programs hold UDP ports, so the second is hardly ever needed.
const portTries = 20

// secureSite serves one handler over TLS: HTTP/1.1 and HTTP/2 on a TCP port, HTTP/3
// on the UDP port of the same number.
type secureSite struct {
	authority authority
	base      string
	site      *Host
	quic      *quicHost
}

// startSecure serves the service at other ports of the same address.
func startSecure(beside net.Addr, s *service) (*secureSite, error) {
	ip := net.IPv4(127, 0, 0, 1)
	if at, ok := beside.(*net.TCPAddr); ok {
		ip = at.IP
	}
	ca, config, err := newAuthority(time.Now())
	if err != nil {
		return nil, err
	}
	tcp, udp, err := listenPair(ip)
	if err != nil {
		return nil, err
	}
	quic, err := startQUIC(udp, s, config, &s.ledger)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("serve HTTP/3 on %v: %w", udp.LocalAddr(), err), tcp.Close(), udp.Close())
	}
	return &secureSite{
		authority: ca,
		base:      "https://" + tcp.Addr().String(),
		site:      startHost(tcp, s, &s.ledger, config),
		quic:      quic,
	}, nil
}

// stop ends both servers.
func (s *secureSite) stop() error { return errors.Join(s.site.Stop(), s.quic.stop()) }

// listenPair opens a TCP and a UDP port of one number on the address.
func listenPair(ip net.IP) (net.Listener, *net.UDPConn, error) {
	var failed error
	for range portTries {
		tcp, err := Listen(net.JoinHostPort(ip.String(), "0"))
		if err != nil {
			return nil, nil, err
		}
		address := net.UDPAddr{IP: ip}
		if at, ok := tcp.Addr().(*net.TCPAddr); ok {
			address.Port = at.Port
		}
		udp, err := net.ListenUDP("udp", &address)
		if err == nil {
			return tcp, udp, nil
		}
		failed = errors.Join(err, tcp.Close())
	}
	return nil, nil, fmt.Errorf("listen on one port of TCP and UDP, tried %d: %w", portTries, failed)
}

// remarks takes what net/http has to say about the connections of a server. That a
// client left in the middle of a handshake, as one that gave up or was told to does,
// is no more worth a line over TLS than it is over TCP.
type remarks struct{ to io.Writer }

// Write implements io.Writer.
func (r remarks) Write(p []byte) (int, error) {
	if strings.Contains(string(p), "http: TLS handshake error") {
		return len(p), nil
	}
	return r.to.Write(p)
}
