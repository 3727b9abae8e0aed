package upstream

// DecodeProfile reads a profile as a child does, and validates it as Serve does.
func DecodeProfile(data []byte) (Profile, error) {
	var p Profile
	if err := decode(data, &p); err != nil {
		return Profile{}, err
	}
	if err := p.Validate(); err != nil {
		return Profile{}, err
	}
	return p, nil
}

// Pid is the process id of the child.
func (p *Process) Pid() int { return p.command.Process.Pid }

// Secure is the base of the URLs over TLS, such as https://127.0.0.1:40002, or ""
// if they are not served.
func (p *Process) Secure() string { return p.at.Secure }
