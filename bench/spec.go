package bench

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/fetchbench/fetchbench/fetchers"
)

// A Spec is one name that contenders are put together from: a strategy, a policy
// or a transport, with what there is to know about it.
type Spec[T any] struct {
	// Name is what a plan says, before the colon.
	Name string
	// Takes is what stands after the colon.
	Takes Argument
	// Line says in one line what it does, Cost what that takes.
	Line, Cost string
	// New makes it of the value after the colon.
	New func(Value) T
}

// Example is the spec as one types it, with a value where it needs one.
func (s Spec[T]) Example() string {
	if s.Takes.What == "" {
		return s.Name
	}
	return s.Name + ":" + s.Takes.Example
}

// parse makes what the text names.
func (s Spec[T]) parse(text string) (T, error) {
	_, value, given := strings.Cut(text, ":")
	wrong := func(reason string) (T, error) {
		var none T
		return none, &SpecError{Spec: text, Reason: reason, Meant: s.Example()}
	}
	switch {
	case s.Takes.What == "" && given:
		return wrong(s.Name + " takes no number")
	case s.Takes.What == "":
		return s.New(Value{}), nil
	case !given:
		return wrong(s.Name + " needs " + s.Takes.What)
	}
	v, ok := s.Takes.read(value)
	if !ok {
		return wrong(fmt.Sprintf("%s must be %s, got %q", s.Takes.What, s.Takes.form, value))
	}
	return s.New(v), nil
}

// find makes what the text names out of a list of one kind.
func find[T any](kind string, list []Spec[T], text string) (T, error) {
	name, _, _ := strings.Cut(text, ":")
	var names []string
	for _, s := range list {
		if s.Name == name {
			return s.parse(text)
		}
		names = append(names, s.Name)
	}
	e := &SpecError{Spec: text, Reason: fmt.Sprintf("unknown %s %q (have %s)", kind, name, strings.Join(names, ", "))}
	if text == "" {
		e.Reason = fmt.Sprintf("no %s is named (have %s)", kind, strings.Join(names, ", "))
	}
	if meant := Closest(name, names); meant != "" {
		s := list[slices.Index(names, meant)]
		e.Meant = meant + strings.TrimPrefix(text, name)
		if _, err := s.parse(e.Meant); err != nil {
			e.Meant = s.Example()
		}
	}
	var none T
	return none, e
}

// ParseStrategy makes the strategy that a spec such as "pool:8" names. The error
// says what is wrong with the spec and, for an unknown name, what there is and
// which one was probably meant.
func ParseStrategy(text string) (fetchers.Strategy, error) { return find("strategy", Specs(), text) }

// A SpecError says what is wrong with a contender's spec. Meant is the spec that
// was probably meant, empty if there is no guess.
type SpecError struct {
	Spec, Reason, Meant string
}

// Error is what is wrong, without the guess.
func (e *SpecError) Error() string { return fmt.Sprintf("contender %q: %s", e.Spec, e.Reason) }

// A composition is what a contender's spec says: a strategy, the policies that
// change its calls and the transport that carries them.
type composition struct {
	strategy  string
	policies  []string
	transport string
	carried   bool // whether a transport is named
}

// parts takes a spec apart: strategy[:value][+policy[:value]...][@transport].
func parts(spec string) composition {
	var c composition
	spec, c.transport, c.carried = strings.Cut(spec, "@")
	words := strings.Split(spec, "+")
	c.strategy = words[0]
	if len(words) > 1 {
		c.policies = words[1:]
	}
	return c
}

// String is the spec.
func (c composition) String() string {
	spec := strings.Join(append([]string{c.strategy}, c.policies...), "+")
	if c.carried {
		spec += "@" + c.transport
	}
	return spec
}

// without is the spec without its transport.
func (c composition) without() string {
	c.transport, c.carried = "", false
	return c.String()
}

// blame makes an error about one part of a spec one about all of it: the guess at
// the part, which belongs to c, stands in its place.
func (c *composition) blame(part *string, err error) error {
	var e *SpecError
	if !errors.As(err, &e) {
		return err
	}
	whole := &SpecError{Spec: c.String(), Reason: e.Reason}
	if e.Meant != "" {
		*part = e.Meant
		whole.Meant = c.String()
	}
	return whole
}

// Closest returns the word that a misspelt one was probably meant to be, or ""
// where none is near: at most two letters off, or one the beginning of the other.
func Closest(word string, words []string) string {
	best, least := "", 3
	for _, w := range words {
		d := distance(strings.ToLower(word), w)
		if len(word) > 2 && (strings.HasPrefix(w, word) || strings.HasPrefix(word, w)) {
			d = min(d, 2)
		}
		if d < least && d < len(w) {
			best, least = w, d
		}
	}
	return best
}

// distance is the number of letters to insert, delete or replace to turn a into
// b (Levenshtein 1966).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
