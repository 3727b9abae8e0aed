package results

import "bytes"

// HeadBytes is how much of a file BeginsJournal needs.
const HeadBytes = 4 << 10

// BeginsJournal tells by its first bytes whether a file is a journal. The stream of lines
// for other programs begins much alike, and is none.
func BeginsJournal(head []byte) bool {
	first, _, _ := bytes.Cut(head, []byte("\n"))
	return bytes.HasPrefix(first, []byte(`{"type":"run",`)) && bytes.Contains(first, []byte(`"environment":{`))
}
