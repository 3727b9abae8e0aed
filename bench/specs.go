package bench

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/fetchbench/fetchbench/fetchers"
)

// A Spec is one strategy that a plan can name.
type Spec struct {
	// Name is what a plan says, before the colon.
	Name string
	// Size says what the number after the colon means; empty where there is none.
	Size string
	// Line says in one line what the strategy does and what it costs.
	Line string
	// New makes the strategy; a spec without a size ignores the number.
	New func(size int) fetchers.Strategy
}

// maxSize bounds the number after the colon: beyond it no machine has the ports.
const maxSize = 1 << 20

// Specs lists the strategies that a plan can name, in the order in which people
// meet them. A strategy of one's own needs no entry to be measured: it is passed
// to Run as a value. An entry is what gives it a name in plans and flags.
func Specs() []Spec {
	return []Spec{
		{"sequential", "", "one call after the other: what the code costs today, the baseline", func(int) fetchers.Strategy { return fetchers.Sequential{} }},
		{"goroutines", "", "all at once, a goroutine each: the ceiling; 33 kB a call", func(int) fetchers.Strategy { return fetchers.Goroutines{} }},
		{"pool", "workers", "a fixed number of workers on one counter: what K slots buy; 11 ns a call", func(k int) fetchers.Strategy { return fetchers.Pool{Workers: k} }},
	}
}

// Example is the spec as one types it, with a size where it needs one.
func (s Spec) Example() string {
	if s.Size == "" {
		return s.Name
	}
	return s.Name + ":8"
}

// ParseStrategy makes the strategy that a spec such as "pool:8" names. The error
// says what is wrong with the spec and, for an unknown name, what there is and
// which one was probably meant.
func ParseStrategy(text string) (fetchers.Strategy, error) {
	name, size, sized := strings.Cut(text, ":")
	for _, s := range Specs() {
		if s.Name != name {
			continue
		}
		switch {
		case s.Size == "" && sized:
			return nil, &SpecError{Spec: text, Reason: name + " takes no size", Meant: name}
		case s.Size != "" && !sized:
			return nil, &SpecError{Spec: text, Reason: name + " needs a number of " + s.Size, Meant: s.Example()}
		case s.Size == "":
			return s.New(0), nil
		}
		k, err := strconv.Atoi(size)
		if err != nil || k < 1 || k > maxSize || strconv.Itoa(k) != size {
			return nil, &SpecError{Spec: text, Reason: fmt.Sprintf("%s must be a number from 1 to %d, got %q", s.Size, maxSize, size), Meant: s.Example()}
		}
		return s.New(k), nil
	}
	return nil, unknown(text, name)
}

// A SpecError says what is wrong with a contender's spec. Meant is the spec that
// was probably meant, empty if there is no guess.
type SpecError struct {
	Spec, Reason, Meant string
}

// Error is what is wrong, without the guess.
func (e *SpecError) Error() string { return fmt.Sprintf("contender %q: %s", e.Spec, e.Reason) }

// unknown is the error for a name that is not in the list.
func unknown(text, name string) error {
	var names []string
	for _, s := range Specs() {
		names = append(names, s.Name)
	}
	e := &SpecError{Spec: text, Reason: "unknown strategy (have " + strings.Join(names, ", ") + ")"}
	if meant := Closest(name, names); meant != "" {
		e.Meant = meant + strings.TrimPrefix(text, name)
		if _, err := ParseStrategy(e.Meant); err != nil {
			e.Meant = meant
		}
	}
	return e
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
