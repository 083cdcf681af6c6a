// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlements} from "./ISettlements.sol";

/// @title What makes an order owed for
/// @notice Judges a settlement's messages for the vault that made it. It holds nothing and knows no owner: what it says
/// follows from the messages and from what its vault was deployed with.
interface IEvidence {
    /// @notice How much of a settlement is to be judged.
    enum Judged {
        /// @dev That its messages fit each other and their bounds.
        Terms,
        /// @dev And every signature but the acceptance's.
        Claim,
        /// @dev And the acceptance's.
        Acceptance
    }

    /// @notice What follows from a settlement's messages.
    struct Terms {
        bytes32 orderHash;
        bytes32 awardHash;
        /// @dev Zero when the wallet signed the order itself.
        bytes32 sessionHash;
        uint256 payment;
        uint256 fee;
    }

    /// @notice The settlement's hashes and amounts; reverts where its messages contradict each other, a bound or, as far
    /// as they are judged, their signers.
    function termsOf(ISettlements.Settlement calldata item, Judged judged) external view returns (Terms memory);
}
