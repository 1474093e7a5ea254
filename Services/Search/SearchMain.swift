@main
struct SearchMain {
    static func main() {}
}
