package results

import "net/url"

// Hosts are those of the addresses, each once, in their order. An address that is none
// counts as its own host, so that it is seen.
func (t Target) Hosts() (found []string) {
	seen := map[string]bool{}
	for _, address := range t.URLs {
		host := address
		if u, err := url.Parse(address); err == nil && u.Host != "" {
			host = u.Host
		}
		if !seen[host] {
			seen[host] = true
			found = append(found, host)
		}
	}
	return found
}
