// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

/// @title The market's EIP-712 domain
abstract contract Signatures is EIP712 {
    constructor() EIP712("Stoa", "1") {}
}
