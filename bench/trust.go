package bench

import (
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// CheckReferences looks up whatever the plan refers to, in the environment and in
// files, and says what is not there. Nothing of it is kept.
func (p Plan) CheckReferences() error {
	if _, _, err := p.reveal(); err != nil {
		return err
	}
	_, err := trusted(p.Authority)
	return err
}

// trusted are the authorities of the system and those of the file; nil, which stands
// for the system's alone, where no file is named.
func trusted(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	text, err := os.ReadFile(file)
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err // the file is named already
	}
	if err != nil {
		return nil, &FieldError{"authority", fmt.Errorf("cannot read the authority %s: %w", file, err)}
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool() // a system without any
	}
	if !pool.AppendCertsFromPEM(text) {
		return nil, &FieldError{"authority", fmt.Errorf("the authority %s has no certificate in PEM", file)}
	}
	return pool, nil
}
