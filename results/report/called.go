package report

import "strings"

// here begins the spec of a whole route of an app on this machine.
const here = "route:http://127.0.0.1:"

// called is what a contender is called where there is little room: a route of this
// machine by its port and path, in which it differs from the others. No spec begins
// with a colon, so that nothing else is called so.
//
//	route:http://127.0.0.1:8001/urls/async   :8001/urls/async
func called(name string) string {
	if at, found := strings.CutPrefix(name, here); found {
		return ":" + at
	}
	return name
}
