// The host tool's entry. All that it does is in the module VireoTool, where tests can reach it.

import Foundation
import VireoTool

exit(VireoCommand.run(Array(CommandLine.arguments.dropFirst())))
