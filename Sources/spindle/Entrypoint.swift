import SpindleCommands

@main
struct Entrypoint {
    static func main() async {
        await SpindleCommand.launch()
    }
}
