package hostile
import "crypto/tls"
func trusting(s *Server) *tls.Config { return &tls.Config{RootCAs: s.Roots()} }
