@main
struct FlashSale {
    static func main() {}
}
