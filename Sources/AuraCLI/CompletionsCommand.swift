internal import ArgumentParser
internal import AuraRuntime

struct CompletionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completions",
        abstract: "Print the completion script for a shell.",
        discussion: """
            Examples:
              aura completions bash > ~/.local/share/bash-completion/completions/aura
              aura completions zsh > ~/.zsh/completions/_aura       # a folder of $fpath
              aura completions fish > ~/.config/fish/completions/aura.fish
            """
    )

    @Argument(help: "bash, zsh or fish.")
    var shell: Shell

    func run() {
        print(AuraCommand.completionScript(for: shell.completionShell))
    }

    enum Shell: String, ExpressibleByArgument, CaseIterable {
        case bash
        case zsh
        case fish

        var completionShell: CompletionShell {
            switch self {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        }
    }
}
