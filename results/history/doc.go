// Package history finds the runs in a folder of journals: it lists them, knows them
// by their ids and by the names they were saved under, and removes them. The folder
// is the truth; there is no index that could disagree with it.
//
// It judges nothing, and of each journal it reads the two ends. A journal that cannot
// be read is an entry with its reason, and keeps no other from being listed. All files
// are opened through an os.Root, so that neither a name nor a link leads out of the
// folder. What it returns from journals was written by others: whoever shows it cleans
// it.
//
//	entries, err := history.List(dir)
//	...
//	path, err := history.Find(dir, "3f2k")
package history
