package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"

	"github.com/fetchbench/fetchbench/bench"
	processes "github.com/fetchbench/fetchbench/bench/process"
	"github.com/fetchbench/fetchbench/bench/side"
	"github.com/fetchbench/fetchbench/results/report"
	"github.com/spf13/pflag"
)

// commands are the sides of which one at least is a program.
func (f *sideFlags) commands(plan *planFlags, flags *pflag.FlagSet, args []string, s *streams) (bench.Plan, []bench.Contender, error) {
	p, err := plan.build(flags, args, s.in)
	if err != nil {
		return p, nil, err
	}
	var own []bench.Contender
	for _, one := range []struct{ flag, text string }{{"base", f.base}, {"head", f.head}} {
		c, err := sideOf(one.flag, one.text, p)
		if err != nil {
			return p, nil, err
		}
		own = append(own, c)
	}
	p.Baseline = own[0].String()
	return p, own, toldByURL(p)
}

// sideOf is a contender by its spec, or a program.
func sideOf(flag, text string, p bench.Plan) (bench.Contender, error) {
	if isSpec(text) {
		p.Baseline, p.Contenders = "", []string{text}
		return only(p)
	}
	argv, err := processes.Words(text)
	if err != nil {
		return nil, &failure{code: exitUsage, err: fmt.Errorf("--%s: %w", flag, err), hint: "start a shell where you want one: sh -c '...'"}
	}
	if _, err := processes.Find(argv[0]); err != nil {
		return nil, notASide(flag, argv[0])
	}
	return &side.Command{Name: flag, Argv: argv}, nil
}

// only is the one contender of a plan.
func only(p bench.Plan) (bench.Contender, error) {
	made, err := p.Resolve()
	if err != nil {
		return nil, err
	}
	return made[0], nil
}

// notASide says what a side could be, with a guess at a misspelt contender.
func notASide(flag, word string) error {
	var names []string
	for _, known := range bench.Specs() {
		names = append(names, known.Name)
	}
	f := usage(fmt.Errorf("--%s: %q is neither a program, a contender nor a plan file that there is", flag, report.Clean(word)))
	f.hint = "a program in this folder begins with ./ and must be executable"
	name, rest := cutName(word)
	if guess := bench.Closest(name, names); guess != "" {
		f.hint = fmt.Sprintf("did you mean %q?", guess+rest)
	}
	return f
}

// toldByURL refuses a plan of which a program, which is told URLs and nothing else,
// would fetch something else than the plan says.
func toldByURL(p bench.Plan) error {
	if p.Upstream.Form == bench.FormMock {
		return &failure{code: exitUsage, err: errors.New("a program cannot fetch from the in-process mock"), hint: "leave out --mock"}
	}
	for i, r := range p.URLs {
		if r.Method != "" && r.Method != "GET" || len(r.Header) > 0 || r.Body != "" {
			return &failure{
				code: exitUsage, err: fmt.Errorf("URL %d of the plan has a method, a header or a body, and a program is told URLs only", i+1),
				hint: "let the program itself send them, and leave them out of the plan",
			}
		}
	}
	return nil
}

// isPlanFile tells whether a side is a plan: by its ending, and because it is there.
func isPlanFile(text string) bool {
	if !slices.Contains([]string{".yaml", ".yml", ".json"}, filepath.Ext(text)) {
		return false
	}
	info, err := os.Stat(text)
	return err == nil && info.Mode().IsRegular()
}

// plans are two plans that this program measures by itself, round by round.
func (f *sideFlags) plans(plan *planFlags, flags *pflag.FlagSet, args []string, s *streams) (bench.Plan, []bench.Contender, error) {
	if len(args) > 0 || flags.Changed("urls") || flags.Changed("profile") {
		return bench.Plan{}, nil, &failure{code: exitUsage, err: errors.New("two plans say what to fetch, and so do the arguments"), hint: "leave out one of them"}
	}
	self, err := os.Executable()
	if err != nil {
		return bench.Plan{}, nil, err
	}
	base, err := plan.build(flags, []string{f.base}, s.in)
	if err != nil {
		return base, nil, err
	}
	head, err := plan.build(flags, []string{f.head}, s.in)
	if err != nil {
		return base, nil, err
	}
	if base.Batch() != head.Batch() || max(1, base.Repeat) != max(1, head.Repeat) {
		return base, nil, &failure{
			code: exitUsage, err: fmt.Errorf("%s has batches of %d requests and %s of %d: their times cannot be compared", f.base, base.Batch(), f.head, head.Batch()),
			hint: "give both as many with -n",
		}
	}
	more := forwarded(flags)
	return f.measuredBy(base, head,
		&side.Build{Name: "base", Program: self, Args: append([]string{f.base}, more...)},
		&side.Build{Name: "head", Program: self, Args: append([]string{f.head}, more...)})
}

// builds are two builds of this program that measure the same.
func (f *sideFlags) builds(plan *planFlags, flags *pflag.FlagSet, args []string, s *streams) (bench.Plan, []bench.Contender, error) {
	for _, file := range []string{f.baseBuild, f.headBuild} {
		if _, err := exec.LookPath(file); err != nil {
			return bench.Plan{}, nil, &failure{code: exitUsage, err: fmt.Errorf("%s is no build that could be started: %w", file, cause(err)), hint: "give the path of a fetchbench, such as ./fetchbench-main"}
		}
	}
	p, err := plan.build(flags, args, s.in)
	if err != nil {
		return p, nil, err
	}
	more := append(slices.Clone(args), forwarded(flags)...)
	return f.measuredBy(p, p,
		&side.Build{Name: "base", Program: f.baseBuild, Args: more},
		&side.Build{Name: "head", Program: f.headBuild, Args: more})
}

// measuredBy refuses plans of several contenders: a trial is of one.
func (f *sideFlags) measuredBy(base, head bench.Plan, a, b *side.Build) (bench.Plan, []bench.Contender, error) {
	for i, p := range []bench.Plan{base, head} {
		if len(p.Contenders) != 1 {
			return base, nil, &failure{code: exitUsage, err: fmt.Errorf("a side is one contender, and the plan has %s", list(p.Contenders)), hint: "name one with -s"}
		}
		c, err := only(p)
		if err != nil {
			return base, nil, err
		}
		if bench.IsRoute(p.Contenders[0]) && p.Upstream.Profile == "" && len(p.URLs) == 0 {
			return base, nil, &failure{code: exitUsage, err: errors.New("a side that is a plan has a batch, and this plan fetches a whole route and nothing else"), hint: "name the routes themselves: --base route:URL --head route:URL"}
		}
		[]*side.Build{a, b}[i].Runs = c
	}
	base.Baseline, base.Start = a.Name, nil // each build starts what serves its route
	return base, []bench.Contender{a, b}, nil
}

// forwarded are the flags about what to measure, as they were given, for a run of it
// elsewhere.
func forwarded(flags *pflag.FlagSet) (args []string) {
	kept := []string{
		"urls", "profile", "header", "scale", "mock", "strategy", "requests", "repeat", "tls", "slots", "connections", "ca", "timeout", "trial-timeout", "keep-going", "yes",
		"clients", "start", "ready", "ready-timeout", "body",
	}
	flags.Visit(func(flag *pflag.Flag) {
		if !slices.Contains(kept, flag.Name) {
			return
		}
		if several, ok := flag.Value.(pflag.SliceValue); ok {
			for _, value := range several.GetSlice() {
				args = append(args, "--"+flag.Name+"="+value)
			}
			return
		}
		args = append(args, "--"+flag.Name+"="+flag.Value.String())
	})
	return args
}
