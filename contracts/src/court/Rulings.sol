// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IArbitrable} from "../interfaces/IArbitrable.sol";
import {IDisputes} from "../interfaces/IDisputes.sol";
import {Votes} from "./Votes.sol";

/// @title How a dispute ends
abstract contract Rulings is Votes {
    /// @dev What a subject is given to take its ruling: it can burn no more of whoever closes the dispute.
    uint256 private constant RULE_GAS = 1_000_000;

    /// @inheritdoc IDisputes
    function execute(uint256 disputeId) external nonReentrant {
        Dispute storage dispute = _disputes[disputeId];
        if (dispute.phase != Phase.Closed) revert WrongPhase(disputeId, dispute.phase);
        if (dispute.executed) revert AlreadyExecuted(disputeId);
        if (!_execute(disputeId)) revert RulingFailed(disputeId);
    }

    /// @dev Closes a dispute for good: divides its bonds, fixes what its voters collect, and rules.
    function _end(uint256 disputeId, Side winner) internal {
        Dispute storage dispute = _disputes[disputeId];
        dispute.winner = winner;
        dispute.phase = Phase.Closed;
        for (uint256 i = 0; i <= dispute.round; ++i) {
            _divideBonds(dispute, _rounds[disputeId][i]);
        }
        emit DisputeClosed(disputeId, winner, _ruledBps(dispute));
        if (!_execute(disputeId)) emit RulingRefused(disputeId);
    }

    /// @dev The loser's bond pays the fees and the winner's payer gets what is left of it, beside its own bond. Where
    /// neither side won, each pays half.
    function _divideBonds(Dispute storage dispute, Round storage round) private {
        (address opener, address respondent) = (round.openerPayer, round.respondentPayer);
        uint256 bond = _bondOf(dispute, round);
        if (opener == address(0) && respondent == address(0)) return;
        if (respondent == address(0)) return _payFrom(dispute, opener, bond);
        if (opener == address(0)) return _payFrom(dispute, respondent, bond);
        (uint256 fees, uint256 rest) = _fixReward(dispute, round);
        uint256 left = 2 * bond + rest - fees;
        if (dispute.winner == Side.None) {
            _payFrom(dispute, opener, left / 2);
            _payFrom(dispute, respondent, left - left / 2);
        } else {
            _payFrom(dispute, dispute.winner == Side.Opener ? opener : respondent, left);
        }
    }

    /// @dev The subject is a stranger's code: whatever it does, the dispute is closed, and nothing it answers is read.
    /// All of its gas must be there, so that an estimate which looks for the least cannot leave the ruling out.
    function _execute(uint256 disputeId) private returns (bool success) {
        uint256 needed = RULE_GAS + RULE_GAS / 50;
        if (gasleft() < needed) revert TooLittleGas(gasleft(), needed);
        Dispute storage dispute = _disputes[disputeId];
        address subject = address(dispute.subject);
        bytes memory data = abi.encodeCall(
            IArbitrable.rule, (dispute.subjectId, _ruledBps(dispute), dispute.winner == Side.Opener)
        );
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            success := call(RULE_GAS, subject, 0, add(data, 0x20), mload(data), 0, 0)
        }
        if (!success) return false;
        dispute.executed = true;
        emit RulingExecuted(disputeId);
    }

    function _ruledBps(Dispute storage dispute) private view returns (uint16) {
        if (dispute.winner == Side.Opener) return dispute.openerBps;
        if (dispute.winner == Side.Respondent) return dispute.respondentBps;
        return (dispute.openerBps + dispute.respondentBps) / 2;
    }
}
