# Autobahn|Testsuite's fuzzing client, on Jython: argument 1 is its specification. Unlike the plugin that it comes in,
# it takes several servers, and it writes no HTML, which would take as long as the cases.
import json
import sys

from autobahntestsuite import fuzzing
from twisted.internet import reactor

factory = fuzzing.FuzzingClientFactory(json.load(open(sys.argv[1])))
write = factory.createReports
factory.createReports = lambda: write(produceHtml=False)
reactor.run()
