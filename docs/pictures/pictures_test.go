package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"html"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// top is the top folder of the repository, seen from here.
const top = "../.."

// built is the program, built for the test.
func built(t *testing.T) printer {
	t.Helper()
	path := filepath.Join(t.TempDir(), "fetchbench")
	command := exec.Command("go", "build", "-o", path, "./cmd/fetchbench")
	command.Dir = top
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return printer{program: path, dir: top}
}

// page is README.md.
func page(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(top, readme))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestReadmeShowsWhatTheProgramPrints judges the runs again of which README.md tells,
// and wants the same to the byte; and the drawing of the first of them.
func TestReadmeShowsWhatTheProgramPrints(t *testing.T) {
	p, text := built(t), page(t)
	wrong, err := differences(text, p.print)
	if err != nil {
		t.Fatal(err)
	}
	for _, complaint := range wrong {
		t.Errorf("%s: %s\nmake readme puts it right", readme, complaint)
	}
	if n := len(blocks(text)); n < 3 {
		t.Errorf("%d outputs are shown, want those of run, sweep and predict", n)
	}
	main, err := mainRun(text)
	if err != nil {
		t.Fatal(err)
	}
	coloured, err := p.coloured(main.judged())
	if err != nil {
		t.Fatal(err)
	}
	drawn, err := os.ReadFile(filepath.Join(top, table))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(drawing(main.prompt(), coloured)), string(drawn)); diff != "" {
		t.Errorf("%s is another (make readme puts it right):\n%s", table, diff)
	}
}

// TestRunsAreThoseOfTheirCommands: what is shown below a command is of a run of just
// that, with all of its contenders or sizes.
func TestRunsAreThoseOfTheirCommands(t *testing.T) {
	for _, b := range blocks(page(t)) {
		if b.journal() == "" {
			continue
		}
		journal, err := os.ReadFile(filepath.Join(top, b.journal()))
		if err != nil {
			t.Fatal(err)
		}
		head, _, _ := strings.Cut(string(journal), "\n")
		for _, secret := range []string{"/home/", "/root", "/tmp", "/usr"} {
			if bytes.Contains(journal, []byte(secret)) {
				t.Errorf("%s has a path of somebody's machine: %s", b.journal(), secret)
			}
		}
		for _, want := range wanted(b.args) {
			if !strings.Contains(head, want) {
				t.Errorf("%s is of another run than %v: no %s", b.journal(), b.args, want)
			}
		}
	}
}

// wanted are parts of the first line of a journal, by the command of its run.
func wanted(args []string) (parts []string) {
	for i, arg := range args {
		prefix := ""
		switch arg {
		case "-n":
			parts = append(parts, `"requests":`+args[i+1]+`,`)
			continue
		case "--profile":
			parts = append(parts, `"embedded":"`+args[i+1]+`"`)
			continue
		case "-s":
		case "--pool":
			prefix = "pool:"
		default:
			continue
		}
		var names []string
		for name := range strings.SplitSeq(args[i+1], ",") {
			names = append(names, `"`+prefix+name+`"`)
		}
		parts = append(parts, `"contenders":[`+strings.Join(names, ",")+`]`)
	}
	return parts
}

// TestPicturesAreSmall: whoever opens the front page loads them all.
func TestPicturesAreSmall(t *testing.T) {
	const most = 300_000
	text := page(t)
	names := []string{table}
	for _, s := range shots() {
		names = append(names, s.file)
	}
	for _, name := range names {
		content, err := os.ReadFile(filepath.Join(top, name))
		if err != nil {
			t.Error(err)
			continue
		}
		if len(content) > most {
			t.Errorf("%s has %d bytes, want at most %d", name, len(content), most)
		}
		if !strings.Contains(text, name) {
			t.Errorf("%s is nowhere in %s", name, readme)
		}
		if strings.HasSuffix(name, ".png") {
			if _, err := png.Decode(bytes.NewReader(content)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// shown is a page with every kind of block.
const shown = "# Page\n```\n$ bin/fetchbench run -s a,b\nold\n\nolder\n```\ntext\n```go\nx := 1\n```\n" +
	"```\n$ bin/fetchbench strategies\nlist\n```\n```\n$ cat f\n$ bin/fetchbench run x\n```\n```\n$ bin/fetchbench list\n```\n"

// TestBlocks finds commands with their output and nothing else, and puts what is
// printed where the old output was.
func TestBlocks(t *testing.T) {
	t.Parallel()
	var asked []string
	printed := func(args []string) (string, error) {
		asked = append(asked, strings.Join(args, " "))
		return "new of " + args[0] + "\n", nil
	}
	got, err := rewrite(shown, printed)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Replace(strings.Replace(shown, "old\n\nolder", "new of report", 1), "\nlist\n", "\nnew of strategies\n", 1)
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if want := []string{"strategies", "report results/published/readme/run.jsonl"}; !slices.Equal(asked, want) {
		t.Errorf("asked for %q, want %q", asked, want)
	}
	for text, count := range map[string]int{shown: 2, got: 0, strings.Replace(got, "new of rep", "new  of rep", 1): 1} {
		if wrong, err := differences(text, printed); err != nil || len(wrong) != count {
			t.Errorf("%d differences (%v), want %d: %q", len(wrong), err, count, wrong)
		}
	}
	failing := func([]string) (string, error) { return "", errors.New("no") }
	if _, err := rewrite(shown, failing); err == nil {
		t.Error("a page was written from a program that fails")
	}
}

// TestHeads: of a long output the first lines may be shown, as head would cut them.
func TestHeads(t *testing.T) {
	t.Parallel()
	const page = "```\n$ bin/fetchbench report x --cost | head -2\nold\n```\n"
	printed := func(args []string) (string, error) {
		if got := strings.Join(args, " "); got != "report x --cost" {
			t.Errorf("asked for %s", got)
		}
		return "a\nb\nc\n", nil
	}
	got, err := rewrite(page, printed)
	if want := strings.Replace(page, "old", "a\nb", 1); got != want || err != nil {
		t.Errorf("got %q (%v), want %q", got, err, want)
	}
	for text, count := range map[string]int{page: 1, got: 0, strings.Replace(got, "\nb", "\nb\nc", 1): 1} {
		if wrong, err := differences(text, printed); err != nil || len(wrong) != count {
			t.Errorf("%d differences (%v), want %d: %q", len(wrong), err, count, wrong)
		}
	}
	for command, lines := range map[string]int{"a | head -3": 3, "a | head": 0, "a | head -x": 0, "a | tail -3": 0, "| head -3": 0} {
		if _, got := headed(strings.Fields(command)); got != lines {
			t.Errorf("%q shows %d lines, want %d", command, got, lines)
		}
	}
}

// read is an SVG file as far as a test looks at it: an XML parser takes nothing that is
// not well formed.
type read struct {
	Texts []struct {
		Inner string `xml:",innerxml"`
		Spans []struct {
			Class string `xml:"class,attr"`
			Text  string `xml:",chardata"`
		} `xml:"tspan"`
	} `xml:"text"`
	Others []struct{ XMLName xml.Name } `xml:",any"`
}

// TestDrawing reads a drawing as XML: what was text is text again, in its colours, and
// nothing in it was taken for markup.
func TestDrawing(t *testing.T) {
	t.Parallel()
	const hostile = "plain\n\n  a < b & \"c\"</text><script>x()</script>\n\x1b[32mgood\nstill\x1b[0m even \x1b[31mbad < 1\x1b[0m\n"
	var drawn read
	if err := xml.Unmarshal(drawing("$ fetchbench run '<b>'", hostile), &drawn); err != nil {
		t.Fatal(err)
	}
	var lines, spans, others []string
	for _, text := range drawn.Texts {
		lines = append(lines, html.UnescapeString(regexp.MustCompile(`</?tspan[^>]*>`).ReplaceAllString(text.Inner, "")))
		for _, span := range text.Spans {
			spans = append(spans, span.Class+" "+span.Text)
		}
	}
	for _, other := range drawn.Others {
		others = append(others, other.XMLName.Local)
	}
	for _, c := range []struct{ got, want []string }{
		{lines, []string{"$ fetchbench run '<b>'", "plain", "  a < b & \"c\"</text><script>x()</script>", "good", "still even bad < 1"}},
		{spans, []string{"dim $ ", "typed fetchbench run '<b>'", "good good", "good still", "bad bad < 1"}},
		{others, []string{"title", "desc", "style", "rect"}},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Error(diff)
		}
	}
}

// TestShrinkKeepsColours: few colours stay what they are; of many each is near what it
// was.
func TestShrinkKeepsColours(t *testing.T) {
	t.Parallel()
	draw := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct{ shades, off int }{{2, 0}, {6, 0}, {16, 40}} {
		full := image.NewRGBA(image.Rect(0, 0, 64, 64))
		for i := range full.Pix {
			full.Pix[i] = uint8(draw.IntN(c.shades) * 255 / (c.shades - 1))
			if i%4 == 3 {
				full.Pix[i] = 255
			}
		}
		var plain bytes.Buffer
		if err := png.Encode(&plain, full); err != nil {
			t.Fatal(err)
		}
		small, err := shrink(plain.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		back, err := png.Decode(bytes.NewReader(small))
		if err != nil {
			t.Fatal(err)
		}
		for y := range 64 {
			for x := range 64 {
				was, is := full.RGBAAt(x, y), color.RGBAModel.Convert(back.At(x, y)).(color.RGBA)
				if off := max(apart(was.R, is.R), apart(was.G, is.G), apart(was.B, is.B)); off > c.off {
					t.Fatalf("%d shades: %v became %v", c.shades, was, is)
				}
			}
		}
	}
}

// apart is how far two channels are from each other.
func apart(a, b uint8) int { return max(int(a)-int(b), int(b)-int(a)) }
